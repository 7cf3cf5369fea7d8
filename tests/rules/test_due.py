"""When plays are due: the phrases and the instants."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.time.calendar import WorkingCalendar
from bot.rules.time.due import add_duration, first_due, next_due
from bot.rules.time.phrases import Due, Duration, parse_due, parse_duration
from bot.rules.time.working_hours import parse_calendar
from tests.rules.samples import DUBLIN, NEW_YORK, utc
from tests.rules.test_calendar import INSTANTS, calendars

PHRASES = [
    "on entry",
    "1 business day after entry",
    "2 business days after entry",
    "3 days after entry",
    "1 week after entry",
    "6 months after entry",
    "every 30 days",
    "every 1 week",
    "every 2 months",
    "90 days before renewal",
    "2 months before renewal",
    "1 week after renewal",
]
DURATIONS = st.builds(
    Duration,
    st.integers(1, 30),
    st.sampled_from(["business days", "days", "weeks", "months", "hours"]),
)


def due_on(phrase: str, entered: str, *, renewal: date | None = None, calendar=DUBLIN) -> datetime:
    at = utc(entered)
    due = first_due(parse_due(phrase), entered_at=at, renewal=renewal, calendar=calendar, now=at)
    assert due is not None
    return due


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_comes_back_as_it_was(phrase: str):
    assert str(parse_due(phrase)) == phrase


def test_case_and_spaces_do_not_matter():
    assert parse_due("  2  Business Days after  entry ") == parse_due("2 business days after entry")


@pytest.mark.parametrize(
    ("phrase", "right"),
    [
        ("2 bussiness days after entry", "2 business days after entry"),
        ("2 working days after entry", "2 business days after entry"),
        ("two weeks after entry", "2 weeks after entry"),
        ("3 days after renewl", "3 days after renewal"),
        ("3 business days before renewal", "3 days before renewal"),
        ("every week", "every 1 week"),
        ("every other week", "every 2 weeks"),
        ("quarterly", "every 3 months"),
        ("0 days after entry", "on entry"),
        ("immediately", "on entry"),
    ],
)
def test_a_near_phrase_is_answered_with_the_right_one(phrase: str, right: str):
    with pytest.raises(ValueError, match=f'did you mean "{right}"'):
        parse_due(phrase)


@pytest.mark.parametrize("phrase", ["", "soon", "5 days", "every 2 hours", "9" * 400 + " days"])
def test_a_hopeless_phrase_is_answered_with_examples(phrase: str):
    with pytest.raises(ValueError, match='"2 business days after entry"'):
        parse_due(phrase)


def refusal(parse: Callable[[str], object], phrase: str) -> str:
    """The sentence with which a phrase is refused; "" when it is taken."""
    try:
        parse(phrase)
    except ValueError as error:
        return str(error)
    return ""


@given(st.text(max_size=60) | st.from_regex(r"(every )?\d{1,6} (business )?(day|week|month)s?"))
def test_no_phrase_breaks_the_reader(phrase: str):
    for parse in (parse_due, parse_duration):
        sentence = refusal(parse, phrase)
        assert sentence.endswith((".", "?")) or parse(str(parse(phrase))) == parse(phrase)


@pytest.mark.parametrize(
    ("phrase", "entered", "due"),
    [
        ("on entry", "2026-11-23 11:00", "2026-11-23 11:00"),
        ("on entry", "2026-11-27 20:00", "2026-11-30 09:00"),  # Friday evening
        ("1 business day after entry", "2026-11-27 11:00", "2026-11-30 09:00"),
        (
            "1 business day after entry",
            "2026-11-28 11:00",
            "2026-11-30 09:00",
        ),  # entered on Saturday
        ("2 business days after entry", "2026-12-23 11:00", "2026-12-28 09:00"),  # Christmas
        ("5 days after entry", "2026-11-23 11:00", "2026-11-30 09:00"),  # Saturday moves forward
        ("1 month after entry", "2026-01-31 11:00", "2026-03-02 09:00"),  # 28 Feb is a Saturday
        ("1 month after entry", "2028-01-31 11:00", "2028-02-29 09:00"),  # a leap day
        ("12 months after entry", "2028-02-29 11:00", "2029-02-28 09:00"),
        ("1 week after entry", "2026-03-24 11:00", "2026-03-31 08:00"),  # summer time began
        ("1 week after entry", "2026-10-21 11:00", "2026-10-28 09:00"),  # and ended
    ],
)
def test_entry_is_counted_on_the_owners_calendar(phrase: str, entered: str, due: str):
    assert due_on(phrase, entered) == utc(due)


def test_the_same_instant_is_another_day_in_another_zone():
    late = "2026-11-24 03:00"  # still Monday evening in New York
    assert due_on("1 business day after entry", late) == utc("2026-11-25 09:00")
    evening = due_on("1 business day after entry", late, calendar=NEW_YORK)
    assert evening == utc("2026-11-24 13:30")


def test_before_renewal_moves_back_to_a_working_day_and_after_it_forward():
    renewal = date(2027, 3, 28)
    before = due_on("1 week before renewal", "2026-11-23 11:00", renewal=renewal)
    after = due_on("1 week after renewal", "2026-11-23 11:00", renewal=renewal)
    assert before == utc("2027-03-19 09:00")  # the Friday before Sunday 21
    assert after == utc("2027-04-05 08:00")  # Monday, summer time


def test_a_renewal_on_a_leap_day_has_its_month_before():
    due = due_on("1 month before renewal", "2027-06-01 11:00", renewal=date(2028, 2, 29))
    assert due == utc("2028-01-28 09:00")  # 29 January is a Saturday


def test_without_a_renewal_date_nothing_is_due_yet():
    at = utc("2026-11-23 11:00")
    due = parse_due("90 days before renewal")
    assert first_due(due, entered_at=at, renewal=None, calendar=DUBLIN, now=at) is None


def test_a_lead_that_is_longer_than_what_is_left_is_due_at_the_next_opening():
    entered, now = utc("2026-11-23 11:00"), utc("2026-11-28 11:00")
    due = first_due(
        parse_due("90 days before renewal"),
        entered_at=entered,
        renewal=date(2026, 12, 31),
        calendar=DUBLIN,
        now=now,
    )
    assert due == utc("2026-11-30 09:00")


def occurrences(phrase: str, entered: str, n: int) -> list[date]:
    at = utc(entered)
    found, k, now = [], 0, at
    for _ in range(n):
        planned = next_due(parse_due(phrase), entered_at=at, occurrence=k, calendar=DUBLIN, now=now)
        assert planned is not None
        k, now = planned
        found.append(DUBLIN.local_date(now))
    return found


def test_monthly_plays_come_back_to_the_31st_after_a_short_month():
    assert occurrences("every 1 month", "2027-12-31 11:00", 5) == [
        date(2028, 1, 31),
        date(2028, 2, 29),
        date(2028, 3, 31),
        date(2028, 5, 2),  # 30 April is a Sunday, 1 May a holiday
        date(2028, 5, 31),
    ]


def test_a_leap_day_comes_back_after_four_years():
    days = occurrences("every 12 months", "2028-02-29 11:00", 4)
    assert days == [date(2029, 2, 28), date(2030, 2, 28), date(2031, 2, 28), date(2032, 3, 1)]
    assert date(2032, 2, 29).weekday() == 6  # it is the Sunday that moves it, not the anchor


def test_occurrences_that_passed_unseen_are_left_out():
    at = utc("2026-01-05 11:00")
    planned = next_due(
        parse_due("every 30 days"),
        entered_at=at,
        occurrence=1,
        calendar=DUBLIN,
        now=utc("2026-11-23 12:00"),
    )
    assert planned == (11, utc("2026-12-01 09:00"))


def test_one_that_is_done_early_is_not_planned_again_for_the_same_morning():
    friday = utc("2026-11-27 11:00")
    due = parse_due("every 1 day")
    first = next_due(due, entered_at=friday, occurrence=0, calendar=DUBLIN, now=friday)
    assert first == (1, utc("2026-11-30 09:00"))  # Saturday, moved
    second = next_due(due, entered_at=friday, occurrence=1, calendar=DUBLIN, now=friday)
    assert second == (4, utc("2026-12-01 09:00"))


def test_what_does_not_recur_has_no_next():
    at = utc("2026-11-23 11:00")
    assert (
        next_due(parse_due("on entry"), entered_at=at, occurrence=1, calendar=DUBLIN, now=at)
        is None
    )


@pytest.mark.parametrize(
    ("wait", "since", "until"),
    [
        ("2 business days", "2026-11-26 15:30", "2026-11-30 15:30"),
        ("2 business days", "2026-11-27 20:00", "2026-12-02 09:00"),  # counted from Monday
        ("1 day", "2026-11-27 15:30", "2026-11-30 15:30"),  # Saturday moves to Monday
        ("1 week", "2026-03-26 15:30", "2026-04-02 14:30"),  # the same hour in summer time
        ("3 hours", "2026-11-27 15:30", "2026-11-30 10:30"),
        ("8 hours", "2026-11-27 09:00", "2026-11-30 09:00"),
    ],
)
def test_waiting_is_counted_in_working_time(wait: str, since: str, until: str):
    assert add_duration(parse_duration(wait), since=utc(since), calendar=DUBLIN) == utc(until)


@given(calendars(), INSTANTS, st.sampled_from(PHRASES), st.integers(-400, 400))
def test_a_due_time_is_in_working_hours_and_never_before_entry(
    calendar: WorkingCalendar, entered: datetime, phrase: str, renewal_in: int
):
    renewal = calendar.local_date(entered) + timedelta(days=renewal_in)
    due = first_due(
        parse_due(phrase), entered_at=entered, renewal=renewal, calendar=calendar, now=entered
    )
    assert due is not None
    assert due >= entered
    assert calendar.is_open(due)


@given(calendars(), INSTANTS, st.integers(1, 40), st.sampled_from(["days", "weeks", "months"]))
def test_recurring_times_grow_and_stay_near_their_anchor(
    calendar: WorkingCalendar, entered: datetime, n: int, unit
):
    due = Due("every", Duration(n, unit))
    k, at = 0, entered
    for _ in range(4):
        planned = next_due(due, entered_at=entered, occurrence=k, calendar=calendar, now=at)
        assert planned is not None
        assert planned[0] > k
        assert planned[1] > at
        assert calendar.is_open(planned[1])
        k, at = planned


@given(calendars(), INSTANTS, DURATIONS)
def test_reminders_fall_into_working_hours_and_later(
    calendar: WorkingCalendar, since: datetime, wait: Duration
):
    until = add_duration(wait, since=since, calendar=calendar)
    assert until > since
    assert calendar.is_open(until)


def test_business_days_are_not_days():
    assert due_on("3 business days after entry", "2026-11-26 11:00") == utc("2026-12-01 09:00")
    assert due_on("3 days after entry", "2026-11-26 11:00") == utc("2026-11-30 09:00")


def test_what_counts_from_entry_does_not_mind_the_renewal():
    renewal = date(2027, 3, 31)
    for phrase in ("3 days after entry", "every 30 days"):
        with_one = due_on(phrase, "2026-11-23 11:00", renewal=renewal)
        assert with_one == due_on(phrase, "2026-11-23 11:00")


def test_a_time_that_is_the_entry_s_own_instant_is_not_before_it():
    found = first_due(
        parse_due("7 days before renewal"),
        entered_at=utc("2026-11-23 09:00"),
        renewal=date(2026, 11, 30),
        calendar=DUBLIN,
        now=utc("2026-11-24 15:00"),
    )
    assert found == utc("2026-11-23 09:00")


def test_days_keep_the_time_of_day_when_the_clocks_change_and_come_as_utc():
    week = parse_duration("1 week")
    found = add_duration(week, since=utc("2026-10-22 10:30"), calendar=DUBLIN)  # 11:30 there
    assert found == utc("2026-10-29 11:30")
    assert found.tzinfo is UTC
    assert DUBLIN.next_open(datetime(2026, 11, 23, 11, tzinfo=DUBLIN.zone)).tzinfo is UTC


def test_a_time_that_comes_twice_is_its_first():
    night = parse_calendar("Europe/Dublin", "00:00-23:00", "mon-sun")
    day = parse_duration("1 day")
    assert add_duration(day, since=utc("2026-10-24 00:30"), calendar=night) == utc(
        "2026-10-25 00:30"
    )
