"""Scenario 14: summer time, leap days and ends of months, day by day through the years."""

from __future__ import annotations

from calendar import isleap
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.rules.digests import Timetable
from bot.rules.time.calendar import WorkingCalendar, local_instant
from bot.rules.time.due import next_due
from bot.rules.time.phrases import parse_due
from tests.chaos.figures import Figure

ZONES = (
    "Europe/Dublin Europe/London Europe/Berlin Europe/Lisbon Europe/Athens Europe/Istanbul "
    "Europe/Moscow Africa/Cairo Africa/Casablanca Africa/Lagos Africa/Johannesburg "
    "America/New_York America/Chicago America/Denver America/Phoenix America/Los_Angeles "
    "America/Anchorage America/Halifax America/St_Johns America/Sao_Paulo America/Santiago "
    "America/Bogota America/Mexico_City America/Havana Asia/Tokyo Asia/Shanghai Asia/Kolkata "
    "Asia/Kathmandu Asia/Dubai Asia/Tehran Asia/Beirut Asia/Jerusalem Asia/Singapore "
    "Australia/Sydney Australia/Adelaide Australia/Lord_Howe Pacific/Auckland Pacific/Chatham "
    "Pacific/Apia Pacific/Kiritimati"
).split()
TIMES = (time(0), time(1, 30), time(2, 30), time(9))


def calendars(
    folder: Path, database: str, *, zones: int = len(ZONES), years: int = 10, until: int = 2104
) -> Figure:
    """Daily and weekly schedules in many zones; yearly and monthly steps from every renewal."""
    wrong: list[str] = []
    days = 0
    for name in ZONES[:zones]:
        days += _daily(name, years, wrong)
        _weekly(name, years, wrong)
    anchors = _renewals(until, wrong)
    return Figure(
        "14",
        "daily and weekly schedules across summer time; steps from an anchor across leap days",
        "none",
        f"{zones} zones × {years} years × {len(TIMES)} times, {days} days; {anchors} anchors",
        f"{len(wrong)} wrong" + (f", the first: {wrong[0]}" if wrong else ""),
        "each local date once, in order; no drift",
        not wrong,
    )


def _daily(name: str, years: int, wrong: list[str]) -> int:
    """Each local date has one instant, later than the day's before, and not before its hour."""
    zone, first = ZoneInfo(name), date(2024, 1, 1)
    for at in TIMES:
        before = datetime.min.replace(tzinfo=UTC)
        for number in range(366 * years):
            day = first + timedelta(days=number)
            moment = local_instant(day, at, zone)
            shown = moment.astimezone(zone)
            # A time that does not exist moves forward, by an hour or two, on the same day.
            if moment <= before or not at <= shown.time() or shown.date() != day:
                wrong.append(f"{name} {day} {at}: {shown}")
            before = moment
    return 366 * years * len(TIMES)


def _weekly(name: str, years: int, wrong: list[str]) -> None:
    """Looked at twice a day, each Monday comes exactly once, at or after 9:00 of its own clock."""
    zone = ZoneInfo(name)
    timetable = Timetable(WorkingCalendar(zone, time(0), time(23, 59), frozenset(range(7)), ()))
    now, done = datetime(2024, 1, 2, tzinfo=UTC), date(2024, 1, 2)
    told = []
    for _ in range(732 * years):
        for day in timetable.due(done, now):
            told.append(day)
            done = day
            if now.astimezone(zone).date() < day:
                wrong.append(f"{name}: {day} came at {now}")
        now += timedelta(hours=12)
    steps = {later - earlier for earlier, later in pairwise(told)}
    if steps != {timedelta(days=7)}:
        wrong.append(f"{name}: weeks {steps} apart")


def _renewals(until: int, wrong: list[str]) -> int:
    """Every month from every day that a year can have: the k-th from the anchor, no drift."""
    always = WorkingCalendar(ZoneInfo("UTC"), time(0), time(23, 59), frozenset(range(7)), ())
    monthly = parse_due("every 1 month")
    anchors = 0
    for year in range(2024, until):
        for month, day in ((1, 29), (1, 30), (1, 31), (2, 28), (2, 29), (8, 31), (12, 31)):
            if (month, day) == (2, 29) and not isleap(year):
                continue
            anchors += 1
            entered = datetime(year, month, day, 12, tzinfo=UTC)
            occurrence, at = 0, entered
            for _ in range(14):
                found = next_due(
                    monthly, entered_at=entered, occurrence=occurrence, calendar=always, now=at
                )
                assert found is not None
                occurrence, at = found
                if at.date() != _months_after(entered.date(), occurrence):
                    wrong.append(f"{entered.date()} + {occurrence} months: {at.date()}")
    return anchors


def _months_after(day: date, months: int) -> date:
    """The same day of a later month, or the month's last."""
    year, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + year, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))
