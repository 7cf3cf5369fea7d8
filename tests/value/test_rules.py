"""Amounts as people type them, and how the value of a term is counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.text.money import MAX_HUNDREDTHS, Money, format_money, parse_money
from bot.rules.value import TermValue, ValueTally, has_grown, measure_terms


@pytest.mark.parametrize(
    ("words", "hundredths", "currency"),
    [
        ("12000 EUR", 1_200_000, "EUR"),
        ("12,000 EUR", 1_200_000, "EUR"),
        ("12.000 eur", 1_200_000, "EUR"),
        ("12 000 EUR", 1_200_000, "EUR"),
        ("12.000,50 EUR", 1_200_050, "EUR"),
        ("12,000.50 EUR", 1_200_050, "EUR"),
        ("€12k", 1_200_000, "EUR"),
        ("EUR 12k", 1_200_000, "EUR"),
        ("1.5m USD", 150_000_000, "USD"),
        ("1.250m usd", 125_000_000, "USD"),
        ("$1,200,000", 120_000_000, "USD"),
        ("2 million euros", 200_000_000, "EUR"),
        ("12.5 CHF", 1_250, "CHF"),
        ("0.500 EUR", 50, "EUR"),
        ("12000", 1_200_000, None),
        ("5k", 500_000, None),
    ],
)
def test_an_amount_is_read_as_people_write_it(words: str, hundredths: int, currency: str) -> None:
    assert parse_money(words) == Money(hundredths, currency)


@pytest.mark.parametrize("words", ["3 days", "a lot", "12 EUR a day", "1.2.3,4 EUR", "5 ABC", ""])
def test_what_is_no_amount_is_left_alone(words: str) -> None:
    assert parse_money(words) is None


@pytest.mark.parametrize("words", ["0 EUR", "200000000000 EUR", "0.001 EUR"])
def test_an_amount_that_nobody_can_mean_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        parse_money(words)


@given(st.integers(1, MAX_HUNDREDTHS))
def test_what_is_spelled_is_read_as_the_same(hundredths: int) -> None:
    assert parse_money(format_money(hundredths, "EUR")) == Money(hundredths, "EUR")


def euros(term: int, confirmed: bool, amount: int) -> ValueTally:
    return ValueTally(term, confirmed, "EUR", 1, amount)


def test_amounts_of_one_currency_are_added_up() -> None:
    found = measure_terms([euros(1, True, 500), euros(1, True, 700), euros(2, False, 100)], (1, 2))
    assert found == [TermValue(1, "EUR", 1200, 0), TermValue(2, "EUR", 0, 100)]


@pytest.mark.parametrize(
    "odd", [ValueTally(2, True, "USD", 1, 900), ValueTally(2, False, None, 3, 0)]
)
def test_otherwise_the_entries_are_counted(odd: ValueTally) -> None:
    found = measure_terms([euros(1, True, 500), odd], (1, 2))
    assert {m.currency for m in found} == {None}
    assert [m.total for m in found] == [1, odd.entries]


@pytest.mark.parametrize(
    ("tallies", "grown"),
    [
        ([], False),
        ([euros(1, True, 500)], False),
        ([euros(1, True, 500), euros(2, True, 500)], False),
        ([euros(1, True, 500), euros(2, True, 501)], True),
        ([euros(1, True, 500), euros(2, False, 900)], False),  # claimed is not confirmed
        ([euros(1, False, 500), euros(2, True, 1)], True),
        # Two currencies: one entry is no more than one entry, whatever it is worth.
        ([euros(1, True, 500), ValueTally(2, True, "USD", 1, 900)], False),
    ],
)
def test_a_term_has_grown_with_more_confirmed_value(tallies: list[ValueTally], grown: bool) -> None:
    assert has_grown(tallies, 2) is grown


def test_the_first_term_needs_one_thing_that_is_confirmed() -> None:
    assert not has_grown([euros(1, False, 500)], 1)
    assert has_grown([euros(1, True, 500)], 1)
