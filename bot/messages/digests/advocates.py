"""Favours of the week and who has become an advocate, as the company's digest tells of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.messages.kit.parts import plain, short
from bot.rules.text.words import plural

MOST = 5
_NAME = 60


@dataclass(frozen=True)
class Favour:
    """An act that was done, with the days on which it was asked for and agreed to."""

    account: str
    act: str
    asked: date | None
    agreed: date | None


@dataclass(frozen=True)
class Became:
    """An account that came to the destination, and what was done for it on the way."""

    account: str
    stage: str
    days: int
    done: Mapping[str, int]  # by department


@dataclass(frozen=True)
class Advocates:
    favours: Sequence[Favour] = ()
    became: Sequence[Became] = ()


NO_ADVOCATES = Advocates()


def told(found: Advocates) -> str:
    rows = [_became(each) for each in found.became[:MOST]]
    rows += [_favour(each) for each in found.favours[:MOST]]
    left = len(found.became) + len(found.favours) - len(rows)
    rows += [f"… and {left:,} more"] if left > 0 else []
    return "\n".join(["*Advocates*", *rows]) if rows else ""


def _became(each: Became) -> str:
    total = sum(each.done.values())
    share = ", ".join(f"{plain(name)} {count:,}" for name, count in each.done.items() if count)
    what = f": {plural(total, 'touchpoint')} ({share})" if total else ""
    return (
        f"• *{short(each.account, _NAME)}* came to {plain(each.stage)}, "
        f"{plural(each.days, 'day')} after we first met them{what}"
    )


def _favour(each: Favour) -> str:
    steps = [f"asked {_day(each.asked)}"] if each.asked else ["of their own accord"]
    if each.agreed:
        steps.append(f"agreed {_day(each.agreed)}")
    return f"• ⭐ *{short(each.account, _NAME)}*: {plain(each.act)} ({', '.join(steps)})"


def _day(value: date) -> str:
    return f"{value.day} {value:%b}"
