"""Working time: days, holidays, both DST nights."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.time import working_hours
from bot.rules.time.calendar import WorkingCalendar, local_instant
from bot.rules.time.working_hours import (
    Holidays,
    check_zone,
    parse_calendar,
    parse_days,
    parse_holidays,
    parse_hours,
)
from tests.rules.samples import DUBAI, DUBLIN, NEW_YORK, utc

ZONES = [
    "UTC",
    "Europe/Dublin",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Apia",
    "Africa/Casablanca",
    "America/Sao_Paulo",
]
INSTANTS = st.datetimes(datetime(2011, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))
SLOTS = st.tuples(st.integers(0, 22), st.integers(1, 23)).map(lambda slot: (min(slot), max(slot)))


@st.composite
def calendars(draw) -> WorkingCalendar:
    opens, closes = draw(SLOTS.filter(lambda slot: slot[0] < slot[1]))
    return WorkingCalendar(
        ZoneInfo(draw(st.sampled_from(ZONES))),
        time(opens, draw(st.sampled_from([0, 30]))),
        time(closes, 45),
        draw(st.frozensets(st.integers(0, 6), min_size=1)),
        Holidays(draw(st.sampled_from([(), ("IE",), ("US-CA", "AE")]))),
    )


def test_an_open_office_is_open_now():
    assert DUBLIN.next_open(utc("2026-11-23 12:00")) == utc("2026-11-23 12:00")


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23 08:59", "2026-11-23 09:00"),  # a minute early
        ("2026-11-23 17:00", "2026-11-24 09:00"),  # closing time is closed
        ("2026-11-27 18:00", "2026-11-30 09:00"),  # Friday evening
        ("2026-12-24 18:00", "2026-12-28 09:00"),  # Christmas and St Stephen's, then a weekend
        ("2026-03-27 18:00", "2026-03-30 08:00"),  # the clocks go forward in between
        ("2026-10-23 18:00", "2026-10-27 09:00"),  # they go back, and Monday is a bank holiday
    ],
)
def test_closed_hours_lead_to_the_next_opening(moment: str, opening: str):
    assert DUBLIN.next_open(utc(moment)) == utc(opening)


def test_each_zone_has_its_own_morning_and_week():
    friday = utc("2026-11-27 07:00")
    assert DUBLIN.next_open(friday) == utc("2026-11-27 09:00")
    assert NEW_YORK.next_open(friday) == utc("2026-11-27 13:30")
    assert DUBAI.next_open(friday) == utc("2026-11-29 05:00")  # Sunday to Thursday


def test_business_days_skip_weekends_and_holidays():
    assert DUBLIN.add_business_days(date(2026, 12, 23), 2) == date(2026, 12, 28)
    assert DUBLIN.add_business_days(date(2026, 11, 28), 1) == date(2026, 11, 30)
    assert DUBLIN.add_business_days(date(2026, 11, 28), 0) == date(2026, 11, 30)


def test_a_night_shift_that_the_clocks_swallow_is_no_working_day():
    night = parse_calendar("Europe/Dublin", "01:00-02:00", "mon-sun")
    assert not night.is_working_day(date(2026, 3, 29))
    assert night.next_open(utc("2026-03-29 00:30")) == utc("2026-03-30 00:00")


def test_a_calendar_without_a_working_day_says_so_instead_of_searching_for_ever():
    never = WorkingCalendar(ZoneInfo("UTC"), time(9), time(17), frozenset(), frozenset())
    with pytest.raises(ValueError, match="No working day"):
        never.next_open(utc("2026-01-01 00:00"))


def test_single_days_off_count_beside_the_country():
    calendar = parse_calendar("Europe/Dublin", holidays=("IE", "2026-12-24"))
    assert calendar.next_open(utc("2026-12-23 18:00")) == utc("2026-12-28 09:00")


@pytest.mark.parametrize("region", ["IE", "US-CA", "GBR-SCT", "GU", "DE-BY"])
def test_a_country_by_itself_has_the_holidays_that_the_package_knows(region: str):
    country, _, part = region.partition("-")
    theirs = holidays.country_holidays(country, subdiv=part or None, years=2026)
    assert working_hours.holiday_dates(region, 2026) == set(theirs)


def test_a_skipped_local_time_moves_forward_and_a_doubled_one_is_its_first():
    dublin = ZoneInfo("Europe/Dublin")
    assert local_instant(date(2026, 3, 29), time(1, 30), dublin) == utc("2026-03-29 01:30")
    assert local_instant(date(2026, 10, 25), time(1, 30), dublin) == utc("2026-10-25 00:30")


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("sun-thu", {6, 0, 1, 2, 3}),
        ("Mon, wednesday , fri", {0, 2, 4}),
        ("sat", {5}),
        ("mon - sun", set(range(7))),
        ("Tuesday Thursday", {1, 3}),
        ("friday-saturday, SUNDAY", {4, 5, 6}),
    ],
)
def test_days_are_read(words: str, days: set[int]):
    assert parse_days(words) == days


def test_hours_have_minutes_at_both_ends_and_only_days_are_holidays():
    assert parse_hours("08:30 – 17:45") == (time(8, 30), time(17, 45))
    assert date(2026, 12, 25) in Holidays(("IE",))
    assert "2026-12-25" not in Holidays(("IE",))


def _holidays(word: str) -> Holidays:
    return parse_holidays([word])


@pytest.mark.parametrize(
    ("read", "words", "hint"),
    [
        (parse_hours, "9-17", "09:00-17:00"),
        (parse_hours, "17:00-09:00", "earlier time first"),
        (parse_hours, "09:00-09:00", "earlier time first"),
        (parse_hours, "09:00-24:00", "00:00-23:59"),
        (parse_days, "mon-fry", 'did you mean "fri"'),
        (parse_days, "xyz", 'no weekday "xyz", write days like "mon-fri"'),
        (parse_days, "", "mon-fri"),
        (check_zone, "Europe/Dubln", 'did you mean "Europe/Dublin"'),
        (check_zone, "dublin", 'did you mean "Europe/Dublin"'),
        (check_zone, "EST", "no time zone"),
        (_holidays, "Ireland", 'did you mean "IE"'),
        (_holidays, "United Kingdom", 'did you mean "GB"'),
        (_holidays, "Atlantis", 'write a two-letter code like "IE"'),
        (_holidays, "US-KA", 'did you mean "US-'),
        (_holidays, "2026-13-01", 'no date "2026-13-01", write it like "2026-12-24"'),
    ],
)
def test_wrong_words_are_answered_with_right_ones(read, words: str, hint: str):
    with pytest.raises(ValueError, match=hint):
        read(words)


@given(calendars(), INSTANTS)
def test_the_next_opening_is_open_and_not_in_the_past(calendar: WorkingCalendar, moment: datetime):
    opening = calendar.next_open(moment)
    assert opening >= moment
    assert calendar.is_open(opening)
    assert calendar.next_open(opening) == opening


@given(calendars(), INSTANTS)
def test_nobody_worked_between_now_and_the_next_opening(
    calendar: WorkingCalendar, moment: datetime
):
    opening = calendar.next_open(moment)
    gap = (opening - moment) / 50
    assert opening == moment or not any(calendar.is_open(moment + gap * n) for n in range(50))


@given(calendars(), INSTANTS, st.integers(1, 40))
def test_n_business_days_later_exactly_n_working_days_have_come(
    calendar: WorkingCalendar, moment: datetime, n: int
):
    day = calendar.local_date(moment)
    end = calendar.add_business_days(day, n)
    between = [day + timedelta(days=k) for k in range(1, (end - day).days + 1)]
    assert sum(map(calendar.is_working_day, between)) == n
    assert calendar.is_working_day(end)
