"""Dates as people type them. Today is Monday, 23 November 2026."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.language.dates import parse_future, parse_past, trailing_date

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", date(2026, 11, 23)),
        ("Yesterday", date(2026, 11, 22)),
        ("the day before yesterday", date(2026, 11, 21)),
        ("friday", date(2026, 11, 20)),
        ("last fri", date(2026, 11, 20)),
        ("monday", date(2026, 11, 16)),  # never today
        ("on tuesday", date(2026, 11, 17)),
        ("3 days ago", date(2026, 11, 20)),
        ("a week ago", date(2026, 11, 16)),
        ("last month", date(2026, 10, 23)),
        ("2026-11-20", date(2026, 11, 20)),
        ("20.11.2026", date(2026, 11, 20)),
        ("20/11/2026", date(2026, 11, 20)),
        ("11/20/2026", date(2026, 11, 20)),
        ("20 Nov", date(2026, 11, 20)),
        ("November 20th", date(2026, 11, 20)),
        ("30 nov", date(2025, 11, 30)),
        ("29 Feb", date(2024, 2, 29)),
        ("now", date(2026, 11, 23)),
        ("last week", date(2026, 11, 16)),
        ("last monday", date(2026, 11, 16)),
        ("sunday", date(2026, 11, 22)),
        ("tues", date(2026, 11, 17)),
        ("weds", date(2026, 11, 18)),
        ("thur", date(2026, 11, 19)),
        ("thurs", date(2026, 11, 19)),
        ("three weeks ago", date(2026, 11, 2)),
        ("one month ago", date(2026, 10, 23)),
        ("2026/11/20", date(2026, 11, 20)),
        ("12/12/2025", date(2025, 12, 12)),
        ("12/13/2025", date(2025, 12, 13)),
        ("13/12/2025", date(2025, 12, 13)),
        ("23 nov", date(2026, 11, 23)),
        ("5 sept", date(2026, 9, 5)),
        ("Sept. 5, 2025", date(2025, 9, 5)),
        ("1st of December 2025", date(2025, 12, 1)),
        ("jan 2", date(2026, 1, 2)),
    ],
)
def test_what_has_happened(words: str, day: date):
    assert parse_past(words, TODAY) == day


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", date(2026, 11, 23)),
        ("tomorrow", date(2026, 11, 24)),
        ("monday", date(2026, 11, 30)),
        ("wed", date(2026, 11, 25)),
        ("next wednesday", date(2026, 12, 2)),
        ("in 3 days", date(2026, 11, 26)),
        ("in a month", date(2026, 12, 23)),
        ("2 weeks from now", date(2026, 12, 7)),
        ("next week", date(2026, 11, 30)),
        ("next month", date(2026, 12, 1)),
        ("end of month", date(2026, 11, 30)),
        ("the end of the year", date(2026, 12, 31)),
        ("end of quarter", date(2026, 12, 31)),
        ("20 Nov", date(2027, 11, 20)),
        ("31 March 2028", date(2028, 3, 31)),
        ("2027-03-31", date(2027, 3, 31)),
        ("29 feb", date(2028, 2, 29)),
        ("day after tomorrow", date(2026, 11, 25)),
        ("this friday", date(2026, 11, 27)),
        ("sunday", date(2026, 11, 29)),
        ("next monday", date(2026, 11, 30)),
        ("next sunday", date(2026, 12, 6)),
        ("end of this week", date(2026, 11, 27)),
        ("the end of next month", date(2026, 12, 31)),
        ("next quarter", date(2027, 1, 1)),
        ("next year", date(2027, 1, 1)),
        ("four weeks from today", date(2026, 12, 21)),
        ("in two years", date(2028, 11, 23)),
        ("five days", date(2026, 11, 28)),
        ("in six months", date(2027, 5, 23)),
        ("23 nov", date(2026, 11, 23)),
        ("2056-11-22", date(2056, 11, 22)),
        ("30 june 2028", date(2028, 6, 30)),
        ("end of Q1", date(2027, 3, 31)),
        ("in two weeks", date(2026, 12, 7)),
        ("by friday", date(2026, 11, 27)),
        ("sat", date(2026, 11, 28)),
        ("31.3.", date(2027, 3, 31)),
        ("31/03/27", date(2027, 3, 31)),
        ("3 mars", date(2027, 3, 3)),
    ],
)
def test_what_is_to_come(words: str, day: date):
    assert parse_future(words, TODAY) == day


@pytest.mark.parametrize(
    ("words", "today", "day"),
    [
        ("end of week", date(2026, 11, 27), date(2026, 11, 27)),  # on Friday
        ("end of week", date(2026, 11, 28), date(2026, 12, 4)),  # on Saturday
        ("next week", date(2026, 11, 29), date(2026, 11, 30)),  # on Sunday
        ("next quarter", date(2026, 5, 31), date(2026, 7, 1)),
        ("end of quarter", date(2026, 6, 30), date(2026, 6, 30)),
        ("end of quarter", date(2026, 7, 1), date(2026, 9, 30)),
        ("next month", date(2026, 12, 31), date(2027, 1, 1)),
        ("friday", date(2026, 11, 27), date(2026, 12, 4)),  # never today
        ("29 feb", date(2097, 1, 1), date(2104, 2, 29)),  # 2100 has none
    ],
)
def test_what_is_to_come_from_another_day(words: str, today: date, day: date):
    assert parse_future(words, today) == day


LIKE = 'write it like "2026-11-23", "23 Nov" or "monday".'


@pytest.mark.parametrize(
    ("read", "words", "says"),
    [
        (
            parse_past,
            "tomorrow",
            "Tue 24 Nov is still to come, give today or a day before it.",
        ),
        (parse_future, "yesterday", "Sun 22 Nov has passed, give today or a day after it."),
        (parse_future, "last friday", "Fri 20 Nov has passed, give today or a day after it."),
        (parse_past, "a", f'"a" is not a date, {LIKE}'),
        (parse_past, "3", f'"3" is not a date, {LIKE}'),
        (parse_past, "", f'"" is not a date, {LIKE}'),
        (parse_past, "some days ago", f'"some days ago" is not a date, {LIKE}'),
        (parse_future, "some days", f'"some days" is not a date, {LIKE}'),
        (parse_past, "3 Brumaire", f'"3 Brumaire" is not a date, {LIKE}'),
        (parse_past, "each friday", f'"each friday" is not a date, {LIKE}'),
        (parse_future, "3/4/27", f'"3/4/27" can be Thu 4 Mar 2027 or Sat 3 Apr 2027, {LIKE}'),
        (parse_future, "fri 17 dec", f'"fri 17 dec" can be Thu 17 Dec or Fri 18 Dec, {LIKE}'),
        (parse_future, "Jan 2027", f'"Jan 2027" is more than one day, {LIKE}'),
        (parse_future, "2027-02-30", f'"2027-02-30" is a day that does not exist, {LIKE}'),
        (parse_future, "31 feb", f'"31 feb" is a day that does not exist, {LIKE}'),
        (parse_future, "9999 years", f'"9999 years" is a day that does not exist, {LIKE}'),
        (parse_future, "2077-01-01", f"Fri 1 Jan 2077 is too far away, {LIKE}"),
    ],
)
def test_what_is_not_understood_is_answered_with_what_would_be(
    read: Callable[[str, date], date], words: str, says: str
):
    with pytest.raises(ValueError, match=r"\w") as caught:
        read(words, TODAY)
    assert str(caught.value) == says


def test_a_month_from_the_31st_ends_where_the_month_does():
    assert parse_future("in 1 month", date(2027, 1, 31)) == date(2027, 2, 28)


@given(st.text(max_size=30), st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_no_words_break_the_reader(words: str, today: date):
    try:
        day = parse_past(words, today)
    except ValueError:
        return  # refused with a sentence, which the table above looks at
    assert day <= today


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from(["sunday", "29 feb", "1 may"]))
def test_past_and_future_lie_on_their_sides(today: date, words: str):
    assert parse_past(words, today) <= today <= parse_future(words, today)


@pytest.mark.parametrize(
    ("text", "left", "day"),
    [
        ("call walked through Q3 yesterday", "call walked through Q3", date(2026, 11, 22)),
        ("call went well today.", "call went well", date(2026, 11, 23)),
        ("met them last friday", "met them", date(2026, 11, 20)),
        ("sold it to them friday", "sold it to them", date(2026, 11, 20)),
        ("met them on fri", "met them", date(2026, 11, 20)),
        ("call on 2026-11-20", "call", date(2026, 11, 20)),
        ("call on 20 Nov 2026", "call", date(2026, 11, 20)),
        ("the export fails on Fridays", "the export fails on Fridays", None),
        ("they want an answer by friday", "they want an answer by friday", None),
        ("meeting planned for next friday", "meeting planned for next friday", None),
        ("renews on 2027-03-31", "renews on 2027-03-31", None),  # to come: part of the note
        ("they signed on", "they signed on", None),
        ("we are on", "we are on", None),
        ("the printer sat", "the printer sat", None),
        ("", "", None),
    ],
)
def test_only_a_date_of_the_thing_itself_is_taken_off_a_note(
    text: str, left: str, day: date | None
):
    assert trailing_date(text.split(), TODAY) == (left.split(), day)
