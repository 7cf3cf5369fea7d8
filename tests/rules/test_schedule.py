"""Weekly dates: one for each local week, whatever the clocks do."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.time.schedule import local_instant, weekly_dates
from tests.rules.samples import utc
from tests.rules.test_calendar import INSTANTS, ZONES

DUBLIN = ZoneInfo("Europe/Dublin")


def test_monday_nine_is_due_at_nine_and_not_before():
    before = weekly_dates(date(2026, 11, 16), zone=DUBLIN, now=utc("2026-11-23 08:59"))
    at_nine = weekly_dates(date(2026, 11, 16), zone=DUBLIN, now=utc("2026-11-23 09:00"))
    assert (before, at_nine) == ([], [date(2026, 11, 23)])


def test_three_weeks_of_downtime_are_three_dates_oldest_first():
    missed = weekly_dates(date(2026, 10, 12), zone=DUBLIN, now=utc("2026-11-02 12:00"))
    assert missed == [date(2026, 10, 19), date(2026, 10, 26), date(2026, 11, 2)]


def test_a_fresh_start_knows_only_the_latest():
    assert weekly_dates(None, zone=DUBLIN, now=utc("2026-11-25 12:00")) == [date(2026, 11, 23)]


def test_a_watermark_ahead_of_the_clock_gives_nothing():
    assert weekly_dates(date(2027, 1, 4), zone=DUBLIN, now=utc("2026-11-25 12:00")) == []


def test_a_watermark_between_two_weeks_does_not_shift_them():
    dates = weekly_dates(date(2026, 11, 18), zone=DUBLIN, now=utc("2026-12-01 12:00"))
    assert dates == [date(2026, 11, 23), date(2026, 11, 30)]


@given(st.sampled_from(ZONES), st.integers(0, 6), st.integers(0, 23), INSTANTS)
def test_ticking_through_a_year_gives_each_local_week_once(
    name: str, weekday: int, hour: int, start: datetime
):
    zone, watermark, seen = ZoneInfo(name), start.astimezone(ZoneInfo(name)).date(), []
    for step in range(0, 366 * 24, 61):
        now = start + timedelta(hours=step)
        found = weekly_dates(watermark, zone=zone, weekday=weekday, at=time(hour), now=now)
        assert all(local_instant(day, time(hour), zone) <= now for day in found)
        seen += found
        watermark = found[-1] if found else watermark
    assert all(b - a == timedelta(days=7) for a, b in pairwise(seen))
    assert len(seen) >= 51


def test_the_day_is_the_zone_s_own():
    auckland = ZoneInfo("Pacific/Auckland")
    sunday_in_dublin = utc("2026-11-22 20:30")  # Monday 9:30 there
    found = weekly_dates(date(2026, 11, 16), zone=auckland, now=sunday_in_dublin)
    assert found == [date(2026, 11, 23)]
