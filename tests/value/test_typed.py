"""What is typed after `/value acme`."""

import pytest

from bot.rules.language.value import ValueText, read_value
from bot.rules.text.money import Money

CUT = "cut onboarding from 4 weeks to 2"
MUCH = Money(1_200_000, "EUR")


@pytest.mark.parametrize(
    ("words", "got"),
    [
        (CUT, ValueText(CUT)),
        (f"{CUT} worth 12000 EUR", ValueText(CUT, MUCH)),
        (f"{CUT}, worth about €12k", ValueText(CUT, MUCH)),
        (f"{CUT} (worth 12.000 EUR a year)", ValueText(CUT, MUCH)),
        (f"{CUT} worth 12000", ValueText(CUT, MUCH)),
        (f"{CUT} they said so", ValueText(CUT, None, True)),
        (f"{CUT}. She said so.", ValueText(CUT, None, True)),
        (f"{CUT} worth 12000 EUR they said so", ValueText(CUT, MUCH, True)),
        (f"{CUT}, they said so, worth 12000 EUR", ValueText(CUT, MUCH, True)),
        (f"{CUT} worth 12000 EUR Jane Doe said so", ValueText(CUT, MUCH, True, "Jane Doe")),
        (f"{CUT} worth 12000 EUR, their CFO said so", ValueText(CUT, MUCH, True, "their CFO")),
        (f"{CUT} confirmed by Jane Doe", ValueText(CUT, None, True, "Jane Doe")),
        (f"{CUT} confirmed by them", ValueText(CUT, None, True)),
        (f"{CUT} - Confirmed by Jo Doe.", ValueText(CUT, None, True, "Jo Doe")),
        (f"{CUT} (confirmed)", ValueText(CUT, None, True)),
        (f"{CUT} they told us so", ValueText(CUT, None, True)),
        (f"{CUT}; Jane said so, Worth 12k EUR yearly.", ValueText(CUT, MUCH, True, "Jane")),
        ("worth 12000 USD", ValueText("", Money(1_200_000, "USD"))),
        ("it was worth the trouble", ValueText("it was worth the trouble")),
        ("saved 3 days worth 1k EUR a month", ValueText("saved 3 days", MUCH)),
        ("a week worth 12 ABC", ValueText("a week worth 12 ABC", unread="12 ABC")),
        ("12k EUR saved", ValueText("12k EUR saved", amounts=(MUCH,))),
        ("saved 12,000 EUR a year, she said so", ValueText("saved 12,000 EUR a year", None, True,
                                                           amounts=(MUCH,))),
        ("from 12k to €9k", ValueText("from 12k to €9k", amounts=(MUCH, Money(900_000, "EUR")))),
        ("10-15k EUR saved", ValueText("10-15k EUR saved", unread="10-15k EUR")),
        ("12 EUR a day saved", ValueText("12 EUR a day saved", unread="12 EUR a day")),
        ("all 20 people plan in 2 hours", ValueText("all 20 people plan in 2 hours")),
        ("they said so", ValueText("they said so")),
    ],
)  # fmt: skip
def test_what_they_got_is_read(words: str, got: ValueText) -> None:
    assert read_value(words, "EUR") == got


def test_an_amount_without_any_currency_says_so() -> None:
    assert read_value("saved time worth 500", None).worth == Money(50_000, None)
