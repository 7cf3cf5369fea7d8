"""Imported customers have their cycle, and taking the import back takes it away again."""

from __future__ import annotations

from db.models import Account, Cycle
from tests.imports.conftest import Desk, desk

__all__ = ["desk"]


def told(desk: Desk) -> list[tuple[str, int, str, str | None]]:
    """(account, number, the day it began, how it ended) of every cycle."""
    names = {account.id: account.name for account in desk.all(Account)}
    return [
        (names[c.account_id], c.number, f"{c.began_at:%Y-%m-%d}", c.outcome)
        for c in desk.all(Cycle)
    ]


LIST = "Account,Stage,Renewal date\nAcme,adoption,2027-03-31\nGlobex,prospect,\nInitech,growth,\n"


def test_an_imported_customer_is_in_a_cycle_and_a_prospect_is_not(desk: Desk) -> None:
    desk.bring(LIST)
    assert told(desk) == [
        ("Acme", 1, "2026-11-23", None),
        ("Initech", 1, "2026-11-23", None),
    ]
    desk.typed("--undo")
    assert told(desk) == []


def test_a_customer_of_the_deals_is_in_a_cycle_since_its_stage_began(desk: Desk) -> None:
    deals = "Account,Opportunity_ID,Deal_Stage,Close_Date,Created_On\n"
    desk.deals(deals + "Acme,1,Won,2026-02-01,2026-01-10\n")
    assert told(desk) == [("Acme", 1, "2026-03-03", None)]
    desk.deals(deals + "Acme,1,Won,2026-02-01,2026-01-10\n")
    assert len(told(desk)) == 1


def test_leaving_and_coming_back_by_import_is_taken_back_step_by_step(desk: Desk) -> None:
    desk.bring(LIST)
    desk.wait(days=1)
    desk.bring(LIST.replace("adoption", "churned"))
    assert told(desk)[0] == ("Acme", 1, "2026-11-23", "churned")
    desk.wait(days=1)
    desk.bring(LIST)
    assert [row[:2] + row[3:] for row in told(desk) if row[0] == "Acme"] == [
        ("Acme", 1, "churned"),
        ("Acme", 2, None),
    ]
    assert desk.account("Acme").cycle == 2
    desk.wait(minutes=1)
    desk.typed("--undo")
    assert desk.account("Acme").cycle == 1
    assert [row for row in told(desk) if row[0] == "Acme"] == [("Acme", 1, "2026-11-23", "churned")]
    desk.typed("--undo")
    assert told(desk)[0] == ("Acme", 1, "2026-11-23", None)
