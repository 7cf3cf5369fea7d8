"""Where terms begin, when the next renewal is, when the value of one is looked at."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.playbook.playbook import parse
from bot.rules.terms import (
    first_stage,
    growth_check_time,
    is_customer,
    next_renewal,
    term_start_dates,
)
from tests.story import PLAYBOOK

ANY_DAY = st.dates(date(2000, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ("", "onboarding"),
        ("terms: {begins: renewal}\n", "renewal"),
        ("cycles: {begins: renewal}\n", "renewal"),  # the key's name in older playbooks
    ],
)
def test_a_term_begins_where_the_playbook_says_or_with_onboarding(changed: str, key: str) -> None:
    assert first_stage(parse(changed + PLAYBOOK)) == key


def test_without_onboarding_the_second_stage_begins_a_term() -> None:
    assert first_stage(parse(PLAYBOOK.replace("key: onboarding", "key: rollout"))) == "rollout"


@pytest.mark.parametrize(
    ("stage", "expected"),
    [("prospect", False), ("onboarding", True), ("advocacy", True), ("lost", False), ("x", False)],
)
def test_customers_are_in_the_first_stage_of_a_term_or_later(stage: str, expected: bool) -> None:
    assert is_customer(parse(PLAYBOOK), stage) is expected


@pytest.mark.parametrize(
    ("renews_on", "earlier", "today", "expected"),
    [
        ("2027-03-31", [], "2027-02-01", "2028-03-31"),
        ("2027-03-31", [], "2027-05-01", "2028-03-31"),  # decided after the date
        ("2024-03-31", [], "2027-05-01", "2028-03-31"),  # and long after
        ("2028-02-29", [], "2028-02-01", "2029-02-28"),
        ("2029-02-28", ["2028-02-29"], "2029-02-01", "2030-02-28"),
        ("2031-02-28", ["2028-02-29", "2029-02-28"], "2031-02-01", "2032-02-29"),
        ("2031-02-28", ["2029-02-28"], "2031-02-01", "2032-02-28"),
        (None, [], "2027-05-01", "2027-11-23"),
    ],
)
def test_the_next_renewal_is_the_same_day_a_year_on(
    renews_on: str | None, earlier: list[str], today: str, expected: str
) -> None:
    found = next_renewal(
        date.fromisoformat(renews_on) if renews_on else None,
        earlier=[date.fromisoformat(day) for day in earlier],
        began_on=date(2026, 11, 23),
        today=date.fromisoformat(today),
    )
    assert str(found) == expected


@given(ANY_DAY, ANY_DAY)
def test_the_next_renewal_lies_ahead_and_keeps_its_month(renews_on: date, today: date) -> None:
    found = next_renewal(renews_on, earlier=(), began_on=today, today=today)
    assert found > today
    assert found > renews_on
    assert (found - max(today, renews_on)).days <= 366
    assert found.month == renews_on.month


def test_a_renewal_of_today_is_over_by_tomorrow() -> None:
    day = date(2026, 11, 23)
    assert next_renewal(date(2025, 11, 23), earlier=(), began_on=day, today=day) == date(
        2027, 11, 23
    )


def test_a_won_deal_begins_a_term_when_the_last_one_is_five_months_old() -> None:
    days = [date(2024, 1, 1) + timedelta(days=n) for n in (0, 40, 149, 150, 160, 299, 300, 700)]
    begun = [(day - days[0]).days for day in term_start_dates(reversed(days))]
    assert begun == [0, 150, 300, 700]
    assert term_start_dates([]) == []


def test_two_thirds_of_a_term_are_counted_to_its_renewal_or_over_a_year() -> None:
    began = datetime(2026, 1, 1, tzinfo=UTC)
    assert growth_check_time(began, date(2026, 1, 31)) == began + timedelta(days=20)
    assert growth_check_time(began, None) == began + timedelta(days=365) * 2 / 3
    assert growth_check_time(began, date(2025, 6, 1)) == growth_check_time(began, None)
