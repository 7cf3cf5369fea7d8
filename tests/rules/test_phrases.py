"""Lengths of time and due times in a playbook: what is taken, and what is said of the rest."""

from __future__ import annotations

from typing import Any

import pytest

from bot.rules.time.phrases import Due, Duration, parse_due, parse_duration


@pytest.mark.parametrize(
    ("phrase", "count", "unit", "again"),
    [
        ("2 business days", 2, "business days", "2 business days"),
        ("1  BUSINESS  day", 1, "business days", "1 business day"),
        ("1 days", 1, "days", "1 day"),
        ("3 weeks", 3, "weeks", "3 weeks"),
        ("4 hours", 4, "hours", "4 hours"),
        ("3660 days", 3660, "days", "3660 days"),
        ("120 months", 120, "months", "120 months"),
        ("10000 hours", 10_000, "hours", "10000 hours"),
    ],
)
def test_a_length_of_time(phrase: str, count: int, unit: Any, again: str) -> None:
    found = parse_duration(phrase)
    assert found == Duration(count, unit)
    assert str(found) == again


def test_lengths_are_compared_in_about_so_many_days() -> None:
    phrases = ("8 hours", "1 day", "1 business day", "5 business days", "1 week", "1 month")
    assert [parse_duration(phrase).rough_days for phrase in phrases] == [1, 1, 1.4, 7, 7, 30.4]


LENGTHS = 'write one like "2 business days" or "1 week".'


@pytest.mark.parametrize(
    ("phrase", "hint"),
    [
        ("2 busines days", 'did you mean "2 business days"?'),
        ("3 workdays", 'did you mean "3 business days"?'),
        ("One week", 'did you mean "1 week"?'),
        ("two hours", 'did you mean "2 hours"?'),
        ("0 days", 'did you mean "1 day"?'),
        ("1 year", 'did you mean "12 months"?'),
        ("2 years", 'did you mean "24 months"?'),
        ("working days", LENGTHS),  # how many?
        ("a fortnight", LENGTHS),
        ("3661 days", LENGTHS),  # longer than ten years
        ("121 months", LENGTHS),
        ("100000 hours", LENGTHS),
    ],
)
def test_what_is_no_length_of_time(phrase: str, hint: str) -> None:
    with pytest.raises(ValueError, match="is no length of time") as caught:
        parse_duration(phrase)
    assert str(caught.value) == f'"{phrase}" is no length of time, {hint}'


@pytest.mark.parametrize(
    ("phrase", "due", "recurs", "needs_renewal"),
    [
        ("On  entry", Due("on entry"), False, False),
        (
            "1 business day after entry",
            Due("after entry", Duration(1, "business days")),
            False,
            False,
        ),
        ("every 2 months", Due("every", Duration(2, "months")), True, False),
        ("1 week before renewal", Due("before renewal", Duration(1, "weeks")), False, True),
        ("3 days after renewal", Due("after renewal", Duration(3, "days")), False, True),
    ],
)
def test_when_a_play_is_due(phrase: str, due: Due, recurs: bool, needs_renewal: bool) -> None:
    found = parse_due(phrase)
    assert (found, found.recurs, found.needs_renewal) == (due, recurs, needs_renewal)


DUES = (
    'write "on entry", "2 business days after entry", "every 30 days" or "60 days before renewal".'
)


@pytest.mark.parametrize(
    ("phrase", "hint"),
    [
        ("Daily", 'did you mean "every 1 day"?'),
        ("yearly", 'did you mean "every 12 months"?'),
        ("every month", 'did you mean "every 1 month"?'),
        ("every other day", 'did you mean "every 2 days"?'),
        ("every 2 business days", 'did you mean "every 2 days"?'),
        ("two business days after renewal", 'did you mean "2 days after renewal"?'),
        ("a week before renewal", 'did you mean "1 week before renewal"?'),
        ("10 days before the renewal date", 'did you mean "10 days before renewal"?'),
        ("one quarter after entry", 'did you mean "3 months after entry"?'),
        ("3 days after the start", 'did you mean "3 days after entry"?'),
        ("2 wks after entry", 'did you mean "2 weeks after entry"?'),
        ("0 days after entry", 'did you mean "on entry"?'),
        ("Now", 'did you mean "on entry"?'),
        ("2 hours after entry", DUES),
        ("every 2 hours", DUES),
        ("every 4000 days", DUES),
        ("every days", DUES),  # how many?
        ("at 5 days", DUES),
    ],
)
def test_what_is_no_due_time(phrase: str, hint: str) -> None:
    with pytest.raises(ValueError, match="is not understood") as caught:
        parse_due(phrase)
    assert str(caught.value) == f'due "{phrase}" is not understood, {hint}'
