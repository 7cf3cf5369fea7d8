"""Dates as people type them. Today is Monday, 23 November 2026."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.typed_dates import parse_future, parse_past, trailing_date

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
        ("31 March 2027", date(2027, 3, 31)),
        ("2027-03-31", date(2027, 3, 31)),
        ("29 feb", date(2028, 2, 29)),
    ],
)
def test_what_is_to_come(words: str, day: date):
    assert parse_future(words, TODAY) == day


@pytest.mark.parametrize(
    ("read", "words", "hint"),
    [
        (parse_past, "tomorrow", "still to come"),
        (parse_future, "yesterday", "has passed"),
        (parse_past, "a", "not a date"),
        (parse_past, "3", "not a date"),
        (parse_past, "", "not a date"),
        (parse_future, "3/4/2027", "two ways"),
        (parse_future, "2027-02-30", "does not exist"),
        (parse_future, "31 feb", "does not exist"),
        (parse_future, "9999 years", "does not exist"),
        (parse_future, "2207-01-01", "too far away"),
    ],
)
def test_what_is_not_understood_is_answered_with_what_would_be(read, words: str, hint: str):
    with pytest.raises(ValueError, match=hint):
        read(words, TODAY)


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
        ("met them on fri", "met them", date(2026, 11, 20)),
        ("call on 2026-11-20", "call", date(2026, 11, 20)),
        ("call on 20 Nov 2026", "call", date(2026, 11, 20)),
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
