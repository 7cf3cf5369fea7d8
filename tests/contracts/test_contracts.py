"""What accounts pay a year: by one amount, or by several contracts."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import col, select

from bot.rules.contracts import ContractLine, add_up, at_stake, main_of
from bot.rules.text.money import Money
from db.models import Account, Contract, Touchpoint
from tests.forms.helpers import submits
from tests.story import Story

TODAY = date(2026, 11, 23)
EUR, GBP = Money(42_000_00, "EUR"), Money(90_000_00, "GBP")


def line(name: str, worth: Money | None, on: str | None, *, is_main: bool = False) -> ContractLine:
    return ContractLine(name, worth, date.fromisoformat(on) if on else None, is_main)


@pytest.mark.parametrize(
    ("lines", "main"),
    [
        ([line("a", EUR, "2028-01-31"), line("b", None, "2027-01-31", is_main=True)], 1),
        ([line("a", GBP, "2027-01-31"), line("b", EUR, "2028-01-31")], 1),
        ([line("a", None, "2028-01-31"), line("b", None, "2027-01-31")], 1),
        ([line("a", None, "2025-01-31"), line("b", None, "2027-01-31")], 1),
        ([line("a", None, "2024-01-31"), line("b", None, "2025-01-31")], 1),
        ([], None),
    ],
)
def test_the_main_contract_is_marked_else_the_largest_else_the_next(
    lines: list[ContractLine], main: int | None
) -> None:
    assert main_of(lines, "EUR", TODAY) == main


def test_amounts_of_two_currencies_are_never_added() -> None:
    assert add_up([EUR, GBP, EUR, None], "EUR") == Money(84_000_00, "EUR")
    assert add_up([GBP, GBP], "EUR") == Money(180_000_00, "GBP")
    assert add_up([GBP, Money(1, "USD")], "EUR") is None
    lines = [line("a", EUR, "2027-01-31"), line("b", EUR, "2027-02-28"), line("c", EUR, None)]
    assert at_stake(lines, date(2027, 1, 31), "EUR") == Money(84_000_00, "EUR")


@pytest.fixture
def acme(story: Story) -> None:
    story.types("priya", "/account add Acme stage advocacy manager @priya renews 2027-03-31")


def account(story: Story) -> Account:
    with story.tx() as tx:
        return tx.one(select(Account))


def adds(story: Story, values: dict[str, str]) -> None:
    story.types("priya", "/account acme contracts")
    story.clicks("priya", story.private("priya"), "Add…")
    submits(story, "priya", values)


def test_an_amount_is_read_back_and_undone(story: Story, acme: None) -> None:
    told = story.types("priya", "/account acme worth 42k EUR")
    assert "Acme pays EUR 42,000 a year." in told.text
    assert "renews Wed 31 Mar 2027 (128 days) · EUR 42,000 a year" in (
        story.types("priya", "/account acme").text
    )
    told = story.types("priya", "/account acme worth $ 3.5k a month")
    assert "pays USD 42,000 a year. Before: EUR 42,000 a year." in told.text
    story.clicks("priya", story.private("priya"), "Undo")
    assert (account(story).hundredths, account(story).currency) == (42_000_00, "EUR")
    assert "Say how much a year" in story.types("priya", "/account acme worth a lot").text


def test_a_tier_is_set_and_stands_on_the_card(story: Story, acme: None) -> None:
    assert "The tier of Acme is A." in story.types("priya", "/account acme tier A").text
    assert "tier A" in story.types("priya", "/account acme").text
    story.types("priya", "/account acme tier none")
    assert account(story).tier is None


def test_contracts_add_up_and_the_main_one_gives_the_date(story: Story, acme: None) -> None:
    adds(story, {"name": "Platform", "worth": "32,400 EUR", "renews": "2027-06-30"})
    adds(story, {"name": "Support", "worth": "EUR 9,600", "renews": "2026-12-10"})
    assert "In total: EUR 42,000 a year." in story.private("priya").text
    found = account(story)
    assert (found.hundredths, found.renews_on) == (42_000_00, date(2027, 6, 30))
    card = story.types("priya", "/account acme").text
    assert "renews Wed 30 Jun 2027 (219 days) · EUR 42,000 a year in 2 contracts; next: " in card
    assert "next: Support, Thu 10 Dec\n" in card
    refused = story.types("priya", "/account acme worth 1 EUR")
    assert "is the sum of its contracts" in refused.text
    story.sees("@priya", "Support renews Thu 10 Dec")


def test_a_marked_contract_turns_the_term_and_an_ended_one_counts_no_more(
    story: Story, acme: None
) -> None:
    adds(story, {"name": "Platform", "worth": "32,400 EUR", "renews": "2027-06-30"})
    adds(story, {"name": "Support", "worth": "EUR 9,600", "renews": "2027-04-29",
                 "standing": "main"})  # fmt: skip
    assert account(story).renews_on == date(2027, 4, 29)
    brief = story.types("priya", "/account acme renews 2027-05-29")
    assert "renews on" in brief.text
    with story.tx() as tx:
        dates = tx.all(select(col(Contract.renews_on)).order_by(col(Contract.id)))
        assert dates == [date(2027, 6, 30), date(2027, 5, 29)]
    story.types("priya", "/account acme contracts")
    story.clicks("priya", story.private("priya"), "contract:change", value="2")
    submits(story, "priya", {"standing": "ended"})
    assert (account(story).hundredths, account(story).renews_on) == (
        32_400_00, date(2027, 6, 30),
    )  # fmt: skip
    with story.tx() as tx:
        asks = tx.all(select(Touchpoint).where(col(Touchpoint.kind) == "contract"))
        assert {row.state for row in asks} == {"cancelled"}
