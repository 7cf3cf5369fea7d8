"""Amounts of deals: what accounts pay, add-ons that renew nothing, deals that may be either."""

from __future__ import annotations

import pytest

from bot.rules.imports.deal_kinds import paid_deals
from bot.rules.imports.deals import outcome_of
from db.models import Contract, Term

from .conftest import Desk

HEAD = "Record ID,Deal Name,Deal Stage,Close Date,Create Date,Amount,Currency,Type,Company name\n"
BASE = "1,Starter,Closed Won,2025-03-01,2025-01-10,1200,EUR,,Alba\n"
RENEWAL = "2,Renewal 2026,Closed Won,2026-02-20,2026-01-10,1500,EUR,,Alba\n"
ADD_ON = "3,More seats,Closed Won,2026-08-10,2026-07-10,300,EUR,Add-on,Alba\n"
EITHER = "4,Big one,Closed Won,2026-09-10,2026-07-10,9000,EUR,,Alba\n"


def contracts(desk: Desk) -> list[tuple[str, int | None]]:
    return [(row.name, row.hundredths) for row in desk.all(Contract) if row.ended_at is None]


def test_the_last_renewal_and_the_add_ons_since_are_what_they_pay(desk: Desk) -> None:
    said = desk.deals(HEAD + BASE + RENEWAL + ADD_ON, "--dry-run")
    assert "EUR 1,800 a year" in said
    desk.deals(HEAD + BASE + RENEWAL + ADD_ON)
    assert contracts(desk) == [("Renewal 2026", 1_500_00), ("More seats", 300_00)]
    assert desk.account("Alba").hundredths == 1_800_00
    assert [f"{term.began_at:%Y-%m-%d}" for term in desk.all(Term)] == ["2025-03-01", "2026-02-20"]
    assert "Nothing has changed" in desk.deals(HEAD + BASE + RENEWAL + ADD_ON)
    desk.wait(days=1)
    desk.deals(HEAD + BASE + RENEWAL + ADD_ON.replace("300", "500"))
    assert desk.account("Alba").hundredths == 2_000_00
    desk.typed("--undo")
    assert (desk.account("Alba").hundredths, contracts(desk)[1][1]) == (1_800_00, 300_00)
    desk.typed("--undo")
    assert desk.all(Contract) == []


def test_a_deal_that_may_be_either_is_asked_about_and_changes_nothing(desk: Desk) -> None:
    said = desk.deals(HEAD + BASE + RENEWAL + EITHER)
    assert "1 won deal may be a renewal or an add-on" in said
    assert 'Alba: "Big one", EUR 9,000 a year, 2026-09-10' in said
    assert (desk.account("Alba").hundredths, len(desk.all(Term))) == (1_500_00, 2)
    desk.wait(days=1)
    desk.deals(HEAD + BASE + RENEWAL + EITHER.replace(",EUR,,", ",EUR,Renewal,"))
    assert contracts(desk) == [("Big one", 9_000_00)]


def test_an_amount_that_was_said_otherwise_stays(desk: Desk) -> None:
    desk.bring("Account,ARR,Stage\nAlba,7000,adoption\n")
    desk.deals(HEAD + BASE)
    assert (desk.account("Alba").hundredths, contracts(desk)) == (7_000_00, [])
    desk.bring("Account,ARR,Stage\nBrook,,adoption\n")
    desk.deals(HEAD + BASE.replace("Alba", "Brook").replace("1,", "b1,", 1))
    assert desk.account("Brook").hundredths == 1_200_00
    desk.bring("Account,ARR,Stage\nBrook,8000,adoption\n")
    assert (desk.account("Brook").hundredths, contracts(desk)) == (8_000_00, [])


def test_who_orders_often_has_no_contracts(desk: Desk) -> None:
    orders = "".join(
        f"o{n},GTX,Closed Won,2026-0{n}-10,2026-0{n}-01,{n}00,EUR,,Alba\n" for n in range(1, 7)
    )
    assert "The won deals of 1 account are orders, not contracts" in desk.deals(HEAD + orders)
    assert (desk.account("Alba").hundredths, contracts(desk)) == (None, [])
    assert paid_deals([]).lines() == ()


@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        ("Closed Won (Sales Pipeline)", "won"),
        ("Won - Renewal", "won"),
        ("Gewonnen", "won"),
        ("Contract signed", "won"),
        ("Closed Lost (Sales Pipeline)", "lost"),
        ("Contract sent", "open"),
    ],
)
def test_deals_are_won_and_lost_in_other_words_too(step: str, outcome: str) -> None:
    assert outcome_of(step) == outcome
