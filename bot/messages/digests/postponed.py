"""What is held back, as lines under "Not sent, and why" of a digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.messages.kit.text import more_line, plain, when
from bot.rules.text.words import cut

MAX_POSTPONED = 5
MAX_CANCELLED = 3
_MAX_NAME_LENGTH = 60


@dataclass(frozen=True)
class Postponed:
    """What is held for one account and one reason; `until` is when the first of it goes."""

    account: str
    titles: Sequence[str]
    why: str
    until: datetime


@dataclass(frozen=True)
class PostponedCancelled:
    """What was held and is no longer needed; `why` may be empty."""

    account: str
    title: str
    why: str


@dataclass(frozen=True)
class PostponedSummary:
    """The first few of each, and how many there are in all."""

    held: Sequence[Postponed] = ()
    held_count: int = 0
    in_vain: Sequence[PostponedCancelled] = ()
    in_vain_count: int = 0


NOTHING_POSTPONED = PostponedSummary()


def postponed_lines(holds: PostponedSummary, command: str) -> list[str]:
    """One line for each account and reason, then what came to nothing."""
    rows = ["• " + _postponed_line(row) for row in holds.held]
    more = more_line(
        holds.held_count - sum(len(row.titles) for row in holds.held), f" held: {command}"
    )
    rows += [more] if more else []
    if holds.in_vain:
        named = "; ".join(map(_cancelled_line, holds.in_vain))
        rest = holds.in_vain_count - len(holds.in_vain)
        also = f"; and {rest:,} more" if rest > 0 else ""
        rows.append(f"• Held and no longer needed: {named}{also}.")
    return rows


def _postponed_line(row: Postponed) -> str:
    others = len(row.titles) - 1
    are = f"and {others:,} more are held, the first" if others else "is held"
    what = f"*{_short_name(row.account)}* · {_short_name(row.titles[0])}"
    return f"{what} {are} until {when(row.until)}: {row.why}."


def _cancelled_line(row: PostponedCancelled) -> str:
    why = f" ({_short_name(row.why)})" if row.why else ""
    return f"*{_short_name(row.account)}* · {_short_name(row.title)}{why}"


def _short_name(words: str) -> str:
    return plain(cut(" ".join(words.split()), _MAX_NAME_LENGTH))
