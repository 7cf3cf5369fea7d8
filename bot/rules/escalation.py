"""When somebody hears of a touchpoint that nobody answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.rules.playbook.sections import Escalation
from bot.rules.time.calendar import WorkingCalendar

_WEEK = timedelta(days=7)


def escalation_time(
    escalation: Escalation, at: datetime, calendar: WorkingCalendar
) -> datetime | None:
    """When what has waited until `at` is escalated: then, weekly at the opening of the next Monday
    (or the first working day after it), or never."""
    if escalation != "weekly":
        return at if escalation == "at once" else None
    day = calendar.local_date(at)
    monday = day + timedelta(days=-day.weekday() % 7)
    opening = calendar.opening(calendar.on_or_after(monday))
    return opening if opening >= at else calendar.opening(calendar.on_or_after(monday + _WEEK))
