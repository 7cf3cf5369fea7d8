"""The weekly digest at the day and hour that somebody chose."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.rules.digest import Timetable
from bot.rules.working import calendar_of, personal

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
    own = personal(calendar_of("Europe/Dublin"), DUBLIN, "10:30-16:00", "mon, fri")
    assert Timetable(DUBLIN, own, 3, time(7)).moment(THIS) == at(27, 10, 30)
    assert Timetable(DUBLIN, own, 5, time(7)).moment(THIS) is None
    assert Timetable(DUBLIN, own).moment(NEXT) == at(30, 10, 30)
