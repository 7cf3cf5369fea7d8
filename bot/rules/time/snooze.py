"""When a snoozed touchpoint may come back: later today, tomorrow, Monday."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.rules.text.words import format_date
from bot.rules.time.calendar import WorkingCalendar

#: How long from now "later today" is, at a full quarter of an hour.
LATER_DELAY: Final = timedelta(hours=2)
QUARTER_HOUR: Final = timedelta(minutes=15)
#: A touchpoint cannot be snoozed for longer than this: it is skipped instead.
MAX_SNOOZE: Final = timedelta(days=366)
LATER_TODAY: Final = "later"


def later_today(calendar: WorkingCalendar, now: datetime) -> datetime | None:
    """Two hours from now, if the owner is still at work then; None when the day is over."""
    at = now + LATER_DELAY
    at += (
        -timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond) % QUARTER_HOUR
    )
    same_day = calendar.local_date(at) == calendar.local_date(now)
    return at if same_day and calendar.is_open(at) else None


def snooze_choices(
    calendar: WorkingCalendar, now: datetime, zone: ZoneInfo
) -> list[tuple[str, str]]:
    """(value, label) of the times to come back: "later", or a date. `zone` is the reader's."""
    choices = []
    at = later_today(calendar, now)
    if at is not None:
        choices.append((LATER_TODAY, f"Later today, at {at.astimezone(zone):%H:%M}"))
    today = calendar.local_date(now)
    tomorrow = calendar.on_or_after(today + timedelta(days=1))
    monday = calendar.on_or_after(today + timedelta(days=7 - today.weekday()))
    near = "Tomorrow" if tomorrow - today == timedelta(days=1) else "Next working day"
    choices.append((tomorrow.isoformat(), f"{near}, {format_date(tomorrow, today)}"))
    if monday != tomorrow:
        choices.append((monday.isoformat(), f"Next week, {format_date(monday, today)}"))
    return choices
