"""How a touchpoint stands, in the same words everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Final

from bot.messages.kit.text import day, on
from bot.rules.text.words import plural


@dataclass(frozen=True)
class Standing:
    """One touchpoint's: `has` is who claimed it, `held` until when and why it is postponed."""

    state: str
    due_at: datetime
    shown_at: datetime | None = None
    overdue: int = 0
    has: str = ""
    snoozed_until: datetime | None = None
    held: str | None = None
    zone: tzinfo | None = None  # of whoever does it

    def words(self) -> str:
        due = f"due {on(self.due_at, self.zone)}"
        since = f"open since {on(self.shown_at, self.zone)}" if self.shown_at else due
        since += f", {plural(self.overdue, 'day')} overdue" if self.overdue else ""
        if self.state == "claimed":
            return f"👀 Claimed by {self.has}, {since}"
        if self.state == "nudged":
            return since
        if self.snoozed_until is not None:
            return f"snoozed until {on(self.snoozed_until, self.zone)}"
        return self.held or due


DUE_TODAY: Final = "due today"


def overdue_text(overdue: int, due_on: date, today: date) -> str:
    """ "*3 days overdue*", "due today" or "due Wed 2 Dec"."""
    if overdue:
        return f"*{plural(overdue, 'day')} overdue*"
    return f"due {day(due_on, today)}" if due_on > today else DUE_TODAY
