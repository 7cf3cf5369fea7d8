"""What is held back, as lines under «Not sent, and why» of a digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.messages.kit.parts import plain, when
from bot.rules.text.words import cut

MOST_HELD = 5
MOST_IN_VAIN = 3
_NAME = 60


@dataclass(frozen=True)
class Held:
    """What is held for one account and one reason; `until` is when the first of it goes."""

    account: str
    titles: Sequence[str]
    why: str
    until: datetime


@dataclass(frozen=True)
class InVain:
    """What was held and is no longer needed; `why` may be empty."""

    account: str
    title: str
    why: str


@dataclass(frozen=True)
class Holds:
    """The first few of each, and how many there are in all."""

    held: Sequence[Held] = ()
    held_count: int = 0
    in_vain: Sequence[InVain] = ()
    in_vain_count: int = 0


NOTHING_HELD = Holds()


def lines(holds: Holds, command: str) -> list[str]:
    """One line for each account and reason, then what came to nothing."""
    rows = ["• " + _held(row) for row in holds.held]
    more = holds.held_count - sum(len(row.titles) for row in holds.held)
    if more > 0:
        rows.append(f"… and {more:,} more held: {command}")
    if holds.in_vain:
        named = "; ".join(map(_in_vain, holds.in_vain))
        rest = holds.in_vain_count - len(holds.in_vain)
        also = f"; and {rest:,} more" if rest > 0 else ""
        rows.append(f"• Held and no longer needed: {named}{also}.")
    return rows


def _held(row: Held) -> str:
    others = len(row.titles) - 1
    if others:
        what = f"{_short(row.titles[0])} and {others:,} more are held, the first"
    else:
        what = f"{_short(row.titles[0])} is held"
    return f"*{_short(row.account)}* · {what} until {when(row.until)}: {row.why}."


def _in_vain(row: InVain) -> str:
    why = f" ({_short(row.why)})" if row.why else ""
    return f"*{_short(row.account)}* · {_short(row.title)}{why}"


def _short(words: str) -> str:
    return plain(cut(" ".join(words.split()), _NAME))
