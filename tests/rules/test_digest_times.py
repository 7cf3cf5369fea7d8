"""The weekly digest at the day and hour that somebody chose."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.rules.digests import Timetable
from bot.rules.time.working_hours import parse_calendar, personal_calendar
from tests.rules.samples import DUBLIN as OPEN_IN_DUBLIN
from tests.rules.samples import utc

DUBLIN = ZoneInfo("Europe/Dublin")
THIS, NEXT = date(2026, 11, 23), date(2026, 11, 30)  # Mondays


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


THURSDAYS = Timetable(DUBLIN, None, 3, time(14))


def test_it_comes_on_the_chosen_day_and_hour_under_its_mondays_name():
    before = date(2026, 11, 22)
    assert THURSDAYS.due(before, at(26, 13, 59)) == []
    assert THURSDAYS.due(before, at(26, 14)) == [THIS]
    assert THURSDAYS.next_at(before, at(24, 9)) == at(26, 14)
    assert THURSDAYS.due(THIS, at(26, 14)) == []


def test_a_change_of_mind_makes_no_second_digest_in_a_week():
    assert THURSDAYS.due(THIS, at(29, 23)) == []
    assert THURSDAYS.next_at(THIS, at(26, 14)) == datetime(2026, 12, 3, 14, tzinfo=UTC)


def test_it_waits_for_the_persons_own_hours_within_the_week():
    own = personal_calendar(parse_calendar("Europe/Dublin"), DUBLIN, "10:30-16:00", "mon, fri")
    assert Timetable(DUBLIN, own, 3, time(7)).moment(THIS) == at(27, 10, 30)
    assert Timetable(DUBLIN, own, 5, time(7)).moment(THIS) is None
    assert Timetable(DUBLIN, own).moment(NEXT) == at(30, 10, 30)


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
        ("2026-11-21 20:00", ["2026-11-16"]),  # Saturday: the week has no working hour left
        ("2026-11-23 04:00", ["2026-11-16"]),  # Sunday evening there
        ("2026-11-23 09:00", []),  # Monday 1:00: the next one is near
        ("2026-11-23 17:00", ["2026-11-16", "2026-11-23"]),
        ("2026-12-01 18:00", ["2026-11-16", "2026-11-23", "2026-11-30"]),
    ],
)
def test_what_is_due_in_an_office_elsewhere(now: str, weeks: list[str]) -> None:
    due = Timetable(LOS_ANGELES, OFFICE).due(LAST, utc(now))
    assert [str(week) for week in due] == weeks


@pytest.mark.parametrize(
    ("now", "at"),
    [
        ("2026-11-10 00:00", "2026-11-16 17:00"),  # the week's was told: the next
        ("2026-11-16 16:59", "2026-11-16 17:00"),
        ("2026-11-16 17:00", "2026-11-16 17:00"),  # now
        ("2026-11-17 11:00", "2026-11-17 17:00"),  # when they open
        ("2026-11-22 11:00", "2026-11-22 11:00"),  # no opening to wait for
        ("2026-11-23 09:00", "2026-11-23 17:00"),
    ],
)
def test_when_to_look_next(now: str, at: str) -> None:
    assert Timetable(LOS_ANGELES, OFFICE).next_at(LAST, utc(now)) == utc(at)


def test_a_week_in_which_nobody_works_has_no_digest() -> None:
    week = tuple(f"2026-11-{day}" for day in range(16, 21))
    closed = parse_calendar("America/Los_Angeles", "09:00-17:00", "mon-fri", week)
    timetable = Timetable(LOS_ANGELES, closed)
    assert timetable.moment(date(2026, 11, 16)) is None
    assert timetable.due(LAST, utc("2026-11-18 18:00")) == []
    assert timetable.next_at(LAST, utc("2026-11-18 18:00")) == utc("2026-11-23 17:00")


def test_the_company_s_comes_whatever_day_it_is_until_its_week_is_over() -> None:
    company = Timetable(LOS_ANGELES)
    assert company.due(LAST, utc("2026-11-23 07:59")) == [date(2026, 11, 16)]
    assert company.due(LAST, utc("2026-11-23 08:00")) == []  # midnight there
    assert company.next_at(LAST, utc("2026-11-23 08:00")) == utc("2026-11-23 17:00")


def test_another_hour_of_another_day_is_kept_to() -> None:
    friday = Timetable(LOS_ANGELES, OFFICE, weekday=4, at=time(14))
    assert friday.due(LAST, utc("2026-11-20 21:59")) == []
    assert friday.due(LAST, utc("2026-11-20 22:00")) == [date(2026, 11, 16)]
    assert friday.next_at(LAST, utc("2026-11-17 00:00")) == utc("2026-11-20 22:00")
    assert not friday.is_late(date(2026, 11, 16), utc("2026-11-21 04:00"))
    assert friday.is_late(date(2026, 11, 16), utc("2026-11-21 04:01"))


def test_a_person_s_hours_days_and_zone_go_before_the_department_s() -> None:
    own = personal_calendar(OPEN_IN_DUBLIN, LOS_ANGELES, "10:00-14:00", "tue-wed")
    assert own.next_open(utc("2026-11-23 09:00")) == utc("2026-11-24 18:00")
    assert not own.is_open(utc("2026-11-24 22:30"))  # 14:30 there
    assert own.next_open(utc("2026-11-26 00:00")) == utc("2026-12-01 18:00")
    same = personal_calendar(OPEN_IN_DUBLIN, LOS_ANGELES, None, None)
    assert (same.zone, same.opens, same.closes) == (
        LOS_ANGELES,
        OPEN_IN_DUBLIN.opens,
        OPEN_IN_DUBLIN.closes,
    )
    assert same.weekdays == OPEN_IN_DUBLIN.weekdays
