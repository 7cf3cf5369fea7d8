"""Days, spans and lengths of time in a sentence. Today is Monday, 23 November 2026."""

from datetime import date, time

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import example, given
from hypothesis import strategies as st

from bot.rules.language.dates import FoundDay, find_days
from bot.rules.language.spans import find_duration

TODAY = date(2026, 11, 23)


def _only(text: str, *, forward: bool | None = True) -> tuple[str, FoundDay]:
    """The one thing that stands in a text, and its words."""
    [found] = find_days(text, TODAY, forward=forward)
    return text[found.start : found.end], found


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("what do I have to do tomorrow?", "tomorrow", "2026-11-24"),
        ("read it tonight", "tonight", "2026-11-23"),
        ("before the day after tomorrow", "before the day after tomorrow", "2026-11-25"),
        ("yesterday's call", "yesterday's", "2026-11-22"),
        ("Friday week", "Friday week", "2026-12-04"),
        ("a week on Friday", "a week on Friday", "2026-12-04"),
        ("see them Thursday next week", "Thursday next week", "2026-12-03"),
        ("away until next friday", "until next friday", "2026-12-04"),
        ("by EOD Friday", "by EOD Friday", "2026-11-27"),
        ("data export in two weeks owner ops", "in two weeks", "2026-12-07"),
        ("in a fortnight", "in a fortnight", "2026-12-07"),
        ("in half a year", "in half a year", "2027-05-23"),
        ("in 5 working days", "in 5 working days", "2026-11-30"),
        ("they signed two months ago", "two months ago", "2026-09-23"),
        ("until end of Q1", "until end of Q1", "2027-03-31"),
        ("by the end of next month", "by the end of next month", "2026-12-31"),
        ("move it to end of January", "to end of January", "2027-01-31"),
        ("by year end", "by year end", "2026-12-31"),
        ("mid January", "mid January", "2027-01-15"),
        ("start of March", "start of March", "2027-03-01"),
        ("June 30, 2028 is the day", "June 30, 2028", "2028-06-30"),
        ("the 30th of June", "the 30th of June", "2027-06-30"),
        ("on the 15th", "on the 15th", "2026-12-15"),
        ("Tuesday the 24th", "Tuesday the 24th", "2026-11-24"),
        ("the 1st of next month", "the 1st of next month", "2026-12-01"),
        ("3 Jan 27, they said", "3 Jan 27", "2027-01-03"),
        ("3 Jan 27 people came", "3 Jan", "2027-01-03"),
        ("on 31.3.", "on 31.3.", "2027-03-31"),
        ("until 31.03.27 because", "until 31.03.27", "2027-03-31"),
        ("to 31/03/27, they signed", "to 31/03/27", "2027-03-31"),
        ("renews 2027-03-31.", "2027-03-31", "2027-03-31"),
        ("Fri 18 Dec", "Fri 18 Dec", "2026-12-18"),
        ("am 3. März", "3. März", "2027-03-03"),
        ("le 15 août 2027", "15 août 2027", "2027-08-15"),
        ("31 de marzo de 2027", "31 de marzo de 2027", "2027-03-31"),
        ("on may 5", "on may 5", "2027-05-05"),
        ("on the 31st", "on the 31st", "2026-12-31"),
        ("by the beginning of the year", "by the beginning of the year", "2027-01-01"),
    ],
)
def test_a_day_in_a_sentence(text: str, words: str, day: str) -> None:
    said, found = _only(text)
    assert (said, found.day, found.until) == (words, date.fromisoformat(day), None)


@pytest.mark.parametrize(
    ("text", "words", "first", "last"),
    [
        ("up in the next 90 days?", "in the next 90 days", "2026-11-23", "2027-02-21"),
        ("the next two weeks", "the next two weeks", "2026-11-23", "2026-12-07"),
        ("the last 30 days", "the last 30 days", "2026-10-24", "2026-11-23"),
        ("within 30 days", "within 30 days", "2026-11-23", "2026-12-23"),
        ("this week's renewals", "this week's", "2026-11-23", "2026-11-29"),
        ("next week", "next week", "2026-11-30", "2026-12-06"),
        ("this month", "this month", "2026-11-01", "2026-11-30"),
        ("next quarter", "next quarter", "2027-01-01", "2027-03-31"),
        ("in January", "in January", "2027-01-01", "2027-01-31"),
        ("Jan 2027", "Jan 2027", "2027-01-01", "2027-01-31"),
        ("renews 03/2027", "03/2027", "2027-03-01", "2027-03-31"),
        ("in Q1", "in Q1", "2027-01-01", "2027-03-31"),
        ("2026 Q4", "2026 Q4", "2026-10-01", "2026-12-31"),
        ("H2 2027", "H2 2027", "2027-07-01", "2027-12-31"),
        ("in 2027", "in 2027", "2027-01-01", "2027-12-31"),
        ("early March", "early March", "2027-03-01", "2027-03-10"),
        ("last week of March", "last week of March", "2027-03-25", "2027-03-31"),
        ("the week of 16 Dec", "the week of 16 Dec", "2026-12-14", "2026-12-20"),
        ("away 21.12.–3.1., Priya covers", "21.12.–3.1.", "2026-12-21", "2027-01-03"),
        ("from 20 Dec to 3 Jan", "from 20 Dec to 3 Jan", "2026-12-20", "2027-01-03"),
        ("21 Dec - 3 Jan 2027", "21 Dec - 3 Jan 2027", "2026-12-21", "2027-01-03"),
        ("20-24 Dec", "20-24 Dec", "2026-12-20", "2026-12-24"),
        ("Dec 20-24", "Dec 20-24", "2026-12-20", "2026-12-24"),
        ("21.-24.12.", "21.-24.12.", "2026-12-21", "2026-12-24"),
        ("20 Nov to 2 Dec", "20 Nov to 2 Dec", "2026-11-20", "2026-12-02"),
        ("between mon and wed", "between mon and wed", "2026-11-30", "2026-12-02"),
        ("mon to wed", "mon to wed", "2026-11-30", "2026-12-02"),
        ("from January to March", "from January to March", "2027-01-01", "2027-03-31"),
        ("they have it since Monday", "since Monday", "2026-11-16", "2026-11-23"),
        ("since January", "since January", "2026-01-01", "2026-11-23"),
    ],
)  # fmt: skip
def test_a_span_in_a_sentence(text: str, words: str, first: str, last: str) -> None:
    said, found = _only(text)
    days = (date.fromisoformat(first), date.fromisoformat(last))
    assert (said, found.day, found.until) == (words, *days)


@pytest.mark.parametrize(
    ("text", "words", "day", "hour"),
    [
        ("call them on Thursday at 10", "on Thursday at 10", "2026-11-26", time(10)),
        ("Thursday 10:30", "Thursday 10:30", "2026-11-26", time(10, 30)),
        ("at 4 on Friday", "at 4 on Friday", "2026-11-27", time(16)),
        ("tomorrow 9am", "tomorrow 9am", "2026-11-24", time(9)),
        ("digest on fridays at 4pm instead", "on fridays at 4pm", "2026-11-27", time(16)),
        ("make it 16:00", "16:00", None, time(16)),
        ("at 12am", "at 12am", None, time(0)),
        ("call them at 10.", "at 10", None, time(10)),
        ("by 10am Friday", "by 10am Friday", "2026-11-27", time(10)),
        ("call on 5th at 3", "on 5th at 3", "2026-12-05", time(15)),
    ],
)
def test_a_time_of_day(text: str, words: str, day: str | None, hour: time) -> None:
    said, found = _only(text)
    assert (said, found.day, found.hour) == (words, day and date.fromisoformat(day), hour)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("until 03/04/27", ["2027-03-04", "2027-04-03"]),
        ("03-04-2027", ["2027-03-04", "2027-04-03"]),
        ("by 3/4", ["2027-03-04", "2027-04-03"]),
        ("Friday 17 Dec", ["2026-12-17", "2026-12-18"]),
    ],
)
def test_what_can_be_two_days_is_not_guessed(text: str, readings: list[str]) -> None:
    _, found = _only(text)
    assert found.is_ambiguous
    assert (found.day, [day.isoformat() for day in found.readings]) == (None, readings)


@pytest.mark.parametrize(
    ("text", "ahead", "back", "nearest"),
    [
        ("friday", "2026-11-27", "2026-11-20", "2026-11-20"),
        ("tuesday", "2026-11-24", "2026-11-17", "2026-11-24"),
        ("by friday", "2026-11-27", "2026-11-20", "2026-11-27"),
        ("20 nov", "2027-11-20", "2026-11-20", "2026-11-20"),
        ("end of june", "2027-06-30", "2026-06-30", "2026-06-30"),
    ],
)
def test_the_side_of_today(text: str, ahead: str, back: str, nearest: str) -> None:
    got = [_only(text, forward=forward)[1].day for forward in (True, False, None)]
    assert [day and day.isoformat() for day in got] == [ahead, back, nearest]


@pytest.mark.parametrize(
    ("text", "word", "direction"),
    [
        ("due on Friday", "due", None),
        ("no later than 15 Dec", "by", None),
        ("till 15 Dec", "until", None),
        ("in 3 days", "in", "future"),
        ("last Thursday", None, "past"),
        ("since 3 March", "since", "past"),
        ("the coming week", None, "future"),
    ],
)
def test_the_little_word_and_the_side_that_words_tell(
    text: str, word: str | None, direction: str | None
) -> None:
    _, found = _only(text)
    assert (found.word, found.direction) == (word, direction)


def test_what_repeats_and_what_may_be_something_else() -> None:
    assert _only("every Friday")[1].is_each
    assert _only("every other Monday")[1].is_each
    assert _only("signed by June Tanaka")[1].is_weak
    assert not _only("signed by June")[1].is_weak
    assert _only("read the Q3 report")[1].is_weak
    assert _only("a call from June")[1].is_weak
    assert not _only("in Q3")[1].is_weak


def test_several_in_one_sentence() -> None:
    text = "met them yesterday, next call by 4 Dec at 3pm"
    first, second = find_days(text, TODAY, forward=None)
    assert (first.day, second.day) == (date(2026, 11, 22), date(2026, 12, 4))
    assert text[second.start : second.end] == "by 4 Dec at 3pm"


@pytest.mark.parametrize(
    "text",
    [
        "2 years, 12 months, 3 goals, 9 clinics and 40 people",
        "version 2.3.1, v2.3.10, upgrade to 2.3.27, 10.12.20.1",
        "call +353 64 555 0199 or 020 7946 0018",
        "12-24 users, 3/4 of them, 24/7, on the 3rd floor",
        "NPS went from 7.5 to 8.5. They like it",
        "MFA by default, SSO in general",
        "they may renew, we may 2x it, may 3 people join",
        "the printer sat in the sun, they wed and march on",
        "it cost $20, 40k EUR and 18,000 GBP a year",
        "cut month-end reporting from 4 weeks to 2",
        "May Chen and Jan Kowalski called at length",
        "looked at 10 accounts, saves 10h a week",
        "monday.com, may@acme.example, from Sun Valley, two Fridays ago",
        "on 31 feb, 29 Feb 2027, 31/02/27, 2027-02-30 and 1 Jan 2206",
        "",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert find_days(text, TODAY, forward=None) == []


@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(
                "by until the on in next last end of q1 may march friday sat 3 31 2027 31.3. "
                "3/4/27 - to and between weeks ago 20-24 dec at 10 4pm since a İ . 9999".split()
            ),
            max_size=12,
        ).map(" ".join),
    ),
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    st.sampled_from([True, False, None]),
)
@example("İn 3 days, İ", TODAY, True)
def test_whatever_is_typed(text: str, today: date, forward: bool | None) -> None:
    end = 0
    for found in find_days(text, today, forward=forward):
        assert end <= found.start < found.end <= len(text)
        end = found.end
        for day in filter(None, (found.day, found.until, *found.readings)):
            assert abs(day.year - today.year) <= 50
        assert found.until is None or (found.day and found.day <= found.until)
    if length := find_duration(text):
        assert 0 <= length[1] < length[2] <= len(text)


@pytest.mark.parametrize(
    ("text", "months", "days", "words"),
    [
        ("Halcyon renewed!! 2 years, signed today", 24, 0, "2 years"),
        ("renewed for two years", 24, 0, "for two years"),
        ("they signed a one month extension", 1, 0, "one month extension"),
        ("for another year", 12, 0, "for another year"),
        ("renewed by a year", 12, 0, "by a year"),
        ("a 24-month contract", 24, 0, "24-month contract"),
        ("after 3 days of talks they took 12 months", 12, 0, "12 months"),
        ("two more quarters", 6, 0, "two more quarters"),
        ("for half a year", 6, 0, "for half a year"),
        ("extended by 6 weeks", 0, 42, "by 6 weeks"),
    ],
)
def test_how_long_something_lasts(text: str, months: int, days: int, words: str) -> None:
    found = find_duration(text)
    assert found is not None
    lasting, start, end = found
    assert lasting == relativedelta(months=months, days=days)
    assert text[start:end] == words


@pytest.mark.parametrize(
    "text",
    [
        "in two years",
        "2 years ago",
        "12k a year",
        "every 2 weeks",
        "the last 30 days",
        "3 days late",
        "not any more",
        "2 days per month",
    ],
)
def test_what_lasts_no_time(text: str) -> None:
    assert find_duration(text) is None
