"""Amounts, tiers and contracts in files of accounts."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import col

from bot.rules.imports.cells import read_amount
from bot.rules.text.money import Money
from bot.settings import ROOT
from db.models import Account, Contract, ImportChange, Touchpoint

from .conftest import Desk


@pytest.mark.parametrize(
    ("cell", "unit", "heading", "read"),
    [
        ("42000.00", "", "ARR", Money(42_000_00, "EUR")),
        ("3,500", "USD", "MRR", Money(42_000_00, "USD")),
        ("£1,234.50", "", "Amount", Money(1_234_50, "GBP")),
        ("tbd", "", "ARR", None),
        ("0.00", "EUR", "ARR", None),
    ],
)
def test_amounts_are_read_a_year(cell: str, unit: str, heading: str, read: Money | None) -> None:
    assert read_amount(cell, unit, heading, "EUR") == read


def test_the_amount_and_the_tier_come_in_and_annual_revenue_does_not(desk: Desk) -> None:
    content = "Company name,ARR,Annual revenue,Segment,Currency\nAcme,42000,9000000,A,GBP\n"
    assert "GBP 42,000 a year, tier A" in desk.bring(content, "--dry-run")
    desk.bring(content)
    found = desk.account("Acme")
    assert (found.hundredths, found.currency, found.tier) == (42_000_00, "GBP", "A")
    assert "Nothing has changed" in desk.bring(content)
    told = desk.bring(content.replace("42000", "45000"), "--dry-run")
    assert "amount GBP 42,000 a year → GBP 45,000 a year" in told
    desk.bring(content.replace("42000", "45000"))
    desk.typed("--undo")
    assert desk.account("Acme").hundredths == 42_000_00
    assert "no amount can be read from" in desk.bring("Account,ARR\nBolt,12/5\n")


TWO = (
    "Account Name,Owner,Stage,Contract end,Contract name,ACV\n"
    "Umbrella plc,Priya Raman,Onboarding,2028-09-30,Support,9600\n"
    "Umbrella PLC ,Tom Okafor,Onboarding,2027-02-28,Platform,32400\n"
    "Umbrella plc,Priya Raman,Onboarding,2028-09-30,Support,9600\n"
)


def lines(desk: Desk) -> list[tuple[str, int | None, date | None, bool]]:
    return [
        (row.name, row.hundredths, row.renews_on, row.ended_at is None)
        for row in desk.all(Contract)
    ]


def test_several_rows_of_one_account_are_its_contracts(desk: Desk) -> None:
    told = desk.bring(TWO)
    assert '"Umbrella plc" is already in row 2' in told
    found = desk.account("Umbrella plc")
    assert (found.hundredths, found.renews_on, found.manager_id) == (
        42_000_00, date(2027, 2, 28), "U1",
    )  # fmt: skip
    assert lines(desk) == [
        ("Support", 9_600_00, date(2028, 9, 30), True),
        ("Platform", 32_400_00, date(2027, 2, 28), True),
    ]
    (ask,) = desk.all(Touchpoint, col(Touchpoint.kind) == "contract")
    assert ask.title == "Support renews Sat 30 Sep 2028"
    assert "Nothing was written" in desk.bring(TWO)
    desk.wait(days=1)
    desk.bring(TWO.replace("Support,9600", "Care,9900"))
    assert [row[0] for row in lines(desk) if row[3]] == ["Platform", "Care"]
    assert desk.account("Umbrella plc").hundredths == 42_300_00
    desk.typed("--undo")
    assert lines(desk)[0] == ("Support", 9_600_00, date(2028, 9, 30), True)
    assert desk.account("Umbrella plc").hundredths == 42_000_00
    desk.typed("--undo")
    assert (desk.all(Account), desk.all(Contract)) == ([], [])


def test_without_amounts_the_earliest_to_come_gives_the_date(desk: Desk) -> None:
    content = (
        "Account,Contract end\nUmbrella,2028-09-30\nUmbrella,2027-02-28\nUmbrella,2027-05-31\n"
    )
    desk.bring(content)
    assert desk.account("Umbrella").renews_on == date(2027, 2, 28)
    assert len(desk.all(ImportChange, col(ImportChange.table) == "contract")) == 3


def test_a_tier_that_a_file_changes_brings_the_plays_of_that_tier(desk: Desk) -> None:
    full = ("--playbook", str(ROOT / "playbooks" / "full.yaml"))
    content = "Company name,Stage,Tier\nAcme,Growth,C\n"
    desk.bring(content, *full)
    before = {row.play for row in desk.all(Touchpoint)}
    assert "public-review" in before
    assert "who-is-new" not in before
    desk.bring(content.replace(",C", ",A"), *full)
    plays = [row.play for row in desk.all(Touchpoint)]
    assert "who-is-new" in plays
    assert len(plays) == len(set(plays))  # what was planned already is not planned again
