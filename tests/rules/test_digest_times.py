"""When a weekly digest comes, for every day and hour that somebody may choose."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.digests.times import comes_text
from bot.rules.digests import Timetable, morning_of_week
from bot.rules.time.calendar import WorkingCalendar
from bot.rules.time.working_hours import parse_calendar, personal_calendar
from tests.rules.samples import utc
from tests.rules.test_calendar import INSTANTS, ZONES

DUBLIN = ZoneInfo("Europe/Dublin")
OPEN = parse_calendar("Europe/Dublin", "09:00-17:00", "mon-fri", ("IE",))
MONDAY = date(2026, 11, 23)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("weekday", "hour", "comes"),
    [
        (0, 9, at(23, 9)),
        (3, 14, at(26, 14)),
        (4, 17, at(27, 16)),  # they have just closed
        (2, 20, at(25, 16)),
        (2, 7, at(24, 16)),  # not open yet: the evening before
        (0, 7, at(23, 9)),  # the week has no hour before
        (5, 10, at(27, 16)),
        (6, 10, at(27, 16)),
    ],
)
def test_a_closed_hour_or_day_is_the_last_open_hour_before_it(weekday, hour, comes):
    timetable = Timetable(OPEN, weekday, time(hour))
    assert timetable.moment(MONDAY) == comes
    before = date(2026, 11, 16)
    assert timetable.due(before, comes) == [MONDAY]
    assert timetable.due(MONDAY, comes) == []
    assert timetable.next_at(before, at(23, 0)) == comes
    assert timetable.next_at(MONDAY, comes) == Timetable(OPEN, weekday, time(hour)).moment(
        date(2026, 11, 30)
    )


def test_a_holiday_and_a_week_in_which_nobody_works():
    holiday = date(2026, 10, 26)
    assert Timetable(OPEN).moment(holiday) == utc("2026-10-27 09:00")
    closed = tuple(f"2026-11-{day}" for day in range(23, 28))
    away = Timetable(parse_calendar("Europe/Dublin", "09:00-17:00", "mon-fri", closed))
    assert away.moment(MONDAY) is None
    assert away.due(date(2026, 11, 16), at(25, 12)) == []
    assert away.next_at(date(2026, 11, 16), at(25, 12)) == at(30, 9)


LOS_ANGELES = ZoneInfo("America/Los_Angeles")
OFFICE = parse_calendar("America/Los_Angeles", "09:00-17:00", "mon-fri", ("US",))
LAST = date(2026, 11, 9)  # the Monday whose digest was told last


@pytest.mark.parametrize(
    ("now", "weeks"),
    [
        ("2026-11-16 16:59", []),  # 8:59 there
        ("2026-11-16 17:00", ["2026-11-16"]),
        ("2026-11-17 11:00", []),  # missed, and it is night
        ("2026-11-17 17:00", ["2026-11-16"]),
        ("2026-11-21 20:00", []),  # Saturday: the week has no working hour left
        ("2026-11-23 09:00", []),  # Monday 1:00: the next one is near
        ("2026-11-23 17:00", ["2026-11-16", "2026-11-23"]),
        ("2026-12-01 18:00", ["2026-11-16", "2026-11-23", "2026-11-30"]),
    ],
)
def test_what_was_missed_comes_within_its_week_in_working_hours(now: str, weeks: list[str]) -> None:
    due = Timetable(OFFICE).due(LAST, utc(now))
    assert [str(week) for week in due] == weeks


@pytest.mark.parametrize(
    ("now", "at"),
    [
        ("2026-11-10 00:00", "2026-11-16 17:00"),  # the week's was told: the next
        ("2026-11-16 17:00", "2026-11-16 17:00"),  # now
        ("2026-11-17 11:00", "2026-11-17 17:00"),  # when they open
        ("2026-11-21 20:00", "2026-11-23 17:00"),  # nothing left of its week
    ],
)
def test_when_to_look_next(now: str, at: str) -> None:
    assert Timetable(OFFICE).next_at(LAST, utc(now)) == utc(at)


@pytest.mark.parametrize(
    ("weekday", "day"), [(0, 23), (2, 25), (5, 27), (6, 27)], ids=["mon", "wed", "sat", "sun"]
)
def test_a_day_without_an_hour_is_a_morning(weekday: int, day: int) -> None:
    assert morning_of_week(OPEN, MONDAY, weekday) == date(2026, 11, day)


def test_the_morning_of_a_holiday_and_of_a_week_off() -> None:
    assert morning_of_week(OPEN, date(2026, 10, 26), 0) == date(2026, 10, 27)
    christmas = date(2026, 12, 21)
    assert morning_of_week(OPEN, christmas, 4) == date(2026, 12, 24)
    off = parse_calendar("Europe/Dublin", "09:00-17:00", "mon", ("2026-11-23",))
    assert morning_of_week(off, MONDAY, 0) is None


@pytest.mark.parametrize(
    ("weekday", "hour", "words"),
    [
        (0, None, "Comes with your first message on Mondays."),
        (6, None, "Comes with your first message on Fridays: you do not work on Sundays."),
        (3, 14, "Comes on Thursdays at 14:00, as a message of its own."),
        (
            4,
            17,
            "Comes on Fridays at 16:00, as a message of its own: Fridays 17:00 is outside your "
            "working hours.",
        ),
    ],
)
def test_home_says_when_it_comes(weekday: int, hour: int | None, words: str) -> None:
    assert comes_text(weekday, hour, OPEN) == words


def test_a_person_s_hours_days_and_zone_go_before_the_department_s() -> None:
    own = personal_calendar(OPEN, LOS_ANGELES, "10:00-14:00", "tue-wed")
    assert own.next_open(utc("2026-11-23 09:00")) == utc("2026-11-24 18:00")
    assert not own.is_open(utc("2026-11-24 22:30"))  # 14:30 there
    assert own.next_open(utc("2026-11-26 00:00")) == utc("2026-12-01 18:00")
    same = personal_calendar(OPEN, LOS_ANGELES, None, None)
    assert (same.zone, same.opens, same.closes) == (LOS_ANGELES, OPEN.opens, OPEN.closes)
    assert same.weekdays == OPEN.weekdays


@given(st.sampled_from(ZONES), st.integers(0, 6), INSTANTS)
def test_ticking_through_a_year_gives_each_week_once(
    name: str, weekday: int, start: datetime
) -> None:
    always = WorkingCalendar(ZoneInfo(name), time(0), time(23, 59), frozenset(range(7)), ())
    timetable, seen = Timetable(always, weekday, time(9)), [start.astimezone(always.zone).date()]
    for step in range(0, 366 * 24, 61):
        seen += timetable.due(seen[-1], start + timedelta(hours=step))
    assert all(b - a == timedelta(days=7) for a, b in pairwise(seen[1:]))
    assert len(seen) > 47  # a tick every 61 hours may miss what is due at either end
