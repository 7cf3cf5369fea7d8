"""Who took part in an account, and which department has been silent."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.messages.kit.message import Message
from bot.messages.kit.parts import context, plain, section, short, unstyled
from bot.rules.text.words import plural

MAX_ROWS = 5
_MAX_NAME_LENGTH = 60


@dataclass(frozen=True)
class Silent:
    """A department that has not touched an account for so many days."""

    department: str
    account: str
    days: int


def quarter(counts: Mapping[str, int]) -> str:
    """ "Taking part in the last 90 days: Sales 4, Operations 2, Marketing 0"."""
    return f"Taking part in the last 90 days: {_counts(counts)}"


def months(account: str, rows: Sequence[tuple[tuple[int, int], Mapping[str, int]]]) -> Message:
    """A line a month, the newest first."""
    head = f"*{plain(account)}*: who took part, month by month"
    told = [
        f"• {calendar.month_name[month]} {year}: {_counts(counts)}"
        for (year, month), counts in rows
    ]
    body = "\n".join(told) or "Nothing was done for them in the last six months."
    hint = "Touchpoints done, interactions, value and favours noted, by department."
    blocks = (section(head), section(body), context(hint))
    return Message(unstyled(f"{head}\n{body}\n{hint}"), blocks)


def silent(rows: Sequence[Silent], count: int) -> str:
    """The part of a digest."""
    if not rows:
        return ""
    told = [
        f"• {plain(row.department)} has not touched *{short(row.account, _MAX_NAME_LENGTH)}* for "
        f"{plural(row.days, 'day')}"
        for row in rows
    ]
    more = [f"… and {count - len(rows):,} more"] if count > len(rows) else []
    return "\n".join(["*Everyone takes part*", *told, *more])


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{plain(name)} {count:,}" for name, count in counts.items())
