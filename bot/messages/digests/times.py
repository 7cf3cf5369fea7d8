"""When a person's weekly digest comes, in words."""

from dataclasses import replace
from datetime import date, time, timedelta

from bot.rules.digests import Timetable, morning_of_week
from bot.rules.time.calendar import WorkingCalendar

#: A Monday: what comes every week is told by any week without holidays.
_MONDAY = date(2024, 1, 1)


def comes_text(weekday: int, hour: int | None, calendar: WorkingCalendar) -> str:
    """ "Comes on Fridays at 16:00: Fridays 17:00 is outside your working hours."."""
    usual = replace(calendar, holidays=())
    chosen = _MONDAY + timedelta(days=weekday)
    if hour is None:
        morning = morning_of_week(usual, _MONDAY, weekday) or chosen
        comes = f"Comes with your first message on {morning:%A}s"
        return f"{comes}." if morning == chosen else f"{comes}: you do not work on {chosen:%A}s."
    moment = Timetable(usual, weekday, time(hour)).moment(_MONDAY)
    if moment is None:
        return "Never comes: you have no working hours."
    at = moment.astimezone(calendar.zone)
    comes = f"Comes on {at:%A}s at {at:%H:%M}, as a message of its own"
    if (at.date(), at.time()) == (chosen, time(hour)):
        return f"{comes}."
    return f"{comes}: {chosen:%A}s {hour:02}:00 is outside your working hours."
