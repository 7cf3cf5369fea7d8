"""Amounts and currencies as people type and read them."""

from __future__ import annotations

import pytest

from bot.rules.text.money import Money, check_currency, find_money, format_money, parse_money


@pytest.mark.parametrize("code", ["eur", "EUR", "Eur"])
def test_a_currency_is_written_as_iso_4217_does(code: str) -> None:
    assert check_currency(code) == "EUR"


def test_a_currency_that_is_none() -> None:
    with pytest.raises(ValueError, match=r'^no currency "euros", write a code like "EUR" or "USD"'):
        check_currency("euros")


@pytest.mark.parametrize(
    ("words", "hundredths", "currency"),
    [
        ("1", 100, None),
        ("0.01 EUR", 1, "EUR"),
        ("12000 euros", 1_200_000, "EUR"),
        ("£5", 500, "GBP"),
        ("¥ 100", 10_000, "JPY"),
        ("₹1.5k", 150_000, "INR"),
        ("usd 7", 700, "USD"),
        ("3 pounds", 300, "GBP"),
        ("1 dollar", 100, "USD"),
        ("2 thousand EUR", 200_000, "EUR"),
        ("1.250m EUR", 125_000_000, "EUR"),
        ("1,250,000m EUR", None, "EUR"),
        ("1.200.000,50 EUR", 120_000_050, "EUR"),
        ("1'200 CHF", 120_000, "CHF"),
        ("12 000,5 EUR", 1_200_050, "EUR"),
        ("0.500 EUR", 50, "EUR"),
        ("2bn USD", 200_000_000_000, "USD"),
        ("1 million", 100_000_000, None),
        ("3 mn", 300_000_000, None),
        ("3.5m", 350_000_000, None),
        ("US$ 5k", 500_000, "USD"),
        ("12’000 CHF", 1_200_000, "CHF"),
        ("CHF 12'000.-", 1_200_000, "CHF"),
        ("€ 1.234,56", 123_456, "EUR"),
        ("₹12,50,000", 125_000_000, "INR"),
        ("kr 500", 50_000, None),
        ("15,000 EUR a year", 1_500_000, "EUR"),
        ("$5k/month", 6_000_000, "USD"),
    ],
)
def test_amounts_as_they_are_typed(words: str, hundredths: int | None, currency: str) -> None:
    if hundredths is None:
        with pytest.raises(ValueError, match=f'^"{words}" is no amount that can be meant'):
            parse_money(f" {words} ")
    else:
        assert parse_money(f" {words} ") == Money(hundredths, currency)


@pytest.mark.parametrize(
    "words", ["", "EUR", "12 apples", "XYZ 5", "5 xyz", "1.2.3", "five", "10-15k EUR"]
)
def test_what_is_no_amount(words: str) -> None:
    assert parse_money(words) is None


def test_an_amount_as_it_is_read() -> None:
    assert format_money(1_200_000, "EUR") == "EUR 12,000"
    assert format_money(1250, "EUR") == "EUR 12.50"
    assert format_money(1_000_000_005, "USD") == "USD 10,000,000.05"


def test_a_krone_is_the_one_of_the_workspace() -> None:
    assert parse_money("kr 500", "SEK") == Money(50_000, "SEK")
    assert parse_money("kr 500", "EUR") == Money(50_000, None)


@pytest.mark.parametrize(
    ("text", "words", "amount", "currency"),
    [
        ("worth $1.5m they said so", "$1.5m", 1_500_000, "USD"),
        ("they pay 12k EUR now", "12k EUR", 12_000, "EUR"),
        ("€ 18.000, signed", "€ 18.000", 18_000, "EUR"),
        ("at 18,000 GBP until March", "18,000 GBP", 18_000, "GBP"),
        ("1.2 Mio EUR", "1.2 Mio EUR", 1_200_000, "EUR"),
        ("1,5 Mio. € im Jahr", "1,5 Mio. €", 1_500_000, "EUR"),
        ("upsell of 40k, likely", "40k", 40_000, "SEK"),
        ("saved 40 000 kr", "40 000 kr", 40_000, "SEK"),
        ("the 40k renewal", "40k", 40_000, "SEK"),
        ("we pay 18,000 a year", "18,000 a year", 18_000, "SEK"),
        ("in Q1 2027 EUR 20k", "EUR 20k", 20_000, "EUR"),
        ("12000 EUR 2 years", "12000 EUR", 12_000, "EUR"),
    ],
)
def test_an_amount_in_a_sentence(text: str, words: str, amount: int, currency: str) -> None:
    [found] = find_money(text, "SEK")
    assert (text[found.start : found.end], found.money) == (words, Money(amount * 100, currency))


@pytest.mark.parametrize(
    "text",
    [
        "since 2027, on 20 Dec 2026, by 31.12.2026, in 3 months",
        "call +353 64 555 0199 or 020 7946 0018",
        "40k users, 5m rows, 300k accounts, a 3 m wall, 20k steps a day",
        "9 clinics, 50 000 employees, version 2.0, 24/7 at 10",
    ],
)
def test_what_is_no_amount_in_a_sentence(text: str) -> None:
    assert find_money(text, "EUR") == []
