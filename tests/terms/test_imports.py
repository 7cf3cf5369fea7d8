"""Imported customers have their term, and taking the import back takes it away again."""

from __future__ import annotations

from bot.actions.accounts import lookup, value
from bot.actions.actor import Actor
from db.core.tx import begin
from db.models import Account, Term
from tests.databases import BOTH
from tests.imports.conftest import TEAM, Desk, desk

__all__ = ["desk"]


def told(desk: Desk) -> list[tuple[str, int, str, str | None]]:
    """(account, number, the day it began, how it ended) of every term."""
    names = {account.id: account.name for account in desk.all(Account)}
    return [
        (names[c.account_id], c.number, f"{c.began_at:%Y-%m-%d}", c.outcome) for c in desk.all(Term)
    ]


LIST = "Account,Stage,Renewal date\nAcme,adoption,2027-03-31\nGlobex,prospect,\nInitech,growth,\n"


def test_an_imported_customer_is_in_a_term_and_a_prospect_is_not(desk: Desk) -> None:
    desk.bring(LIST)
    assert told(desk) == [("Acme", 1, "2026-11-23", None), ("Initech", 1, "2026-11-23", None)]
    desk.typed("--undo")
    assert told(desk) == []


DEALS = "Account,Opportunity_ID,Deal_Stage,Close_Date,Created_On\n"
HISTORY = (
    DEALS
    + "Acme,1,Won,2024-02-01,2024-01-10\n"
    + "Acme,2,Won,2024-05-01,2024-04-10\n"  # more of the same
    + "Acme,3,Won,2025-01-20,2025-01-10\n"
    + "Acme,4,Lost,2025-12-01,2025-11-10\n"
    + "Acme,5,Won,2026-02-03,2026-01-10\n"
)
FROM_DEALS = [
    ("Acme", 1, "2024-02-01", "renewed"),
    ("Acme", 2, "2025-01-20", "renewed"),
    ("Acme", 3, "2026-02-03", None),
]


def test_a_customer_of_the_deals_is_in_a_term_since_the_first_was_won(desk: Desk) -> None:
    desk.deals(DEALS + "Acme,1,Won,2026-02-01,2026-01-10\n")
    assert told(desk) == [("Acme", 1, "2026-02-01", None)]
    desk.deals(DEALS + "Acme,1,Won,2026-02-01,2026-01-10\n")
    assert len(told(desk)) == 1


@BOTH
def test_deals_after_the_accounts_tell_their_terms_and_an_undo_puts_them_back(desk: Desk) -> None:
    desk.bring(LIST)
    before = [one.model_dump() for one in desk.all(Term)]
    desk.wait(days=1)
    said = desk.deals(HISTORY + "Globex,6,Won,2026-10-30,2026-10-01\n")
    assert "2 accounts got the terms that won deals tell of." in said
    acme = [row for row in told(desk) if row[0] == "Acme"]
    assert sorted(acme) == FROM_DEALS
    assert ("Globex", 1, "2026-10-30", None) in told(desk)
    assert desk.account("Acme").term == 3
    assert "Nothing has changed" in desk.deals(HISTORY)
    desk.typed("--undo")
    assert [one.model_dump() for one in desk.all(Term)] == before
    assert (desk.account("Acme").term, desk.account("Globex").stage) == (1, "prospect")


def test_what_people_noted_in_a_term_keeps_it_where_it_is(desk: Desk) -> None:
    desk.bring(LIST)
    note_value(desk, "Acme")
    desk.deals(HISTORY)
    assert told(desk)[0] == ("Acme", 1, "2026-11-23", None)
    desk.deals("\n".join(HISTORY.replace("Acme,", "Initech,9").split("\n")))
    assert desk.account("Initech").term == 3
    note_value(desk, "Initech")
    assert "Initech │ something was noted in its terms" in desk.typed("--undo")
    assert desk.account("Initech").term == 3


def note_value(desk: Desk, name: str) -> None:
    with begin(desk.engine, TEAM) as tx:
        account = lookup.find_account(tx, name)
        value.add_entry(desk.work(tx, Actor("U1", "slash")), account, "a day a week")


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
    assert desk.account("Acme").term == 2
    desk.wait(minutes=1)
    desk.typed("--undo")
    assert desk.account("Acme").term == 1
    assert [row for row in told(desk) if row[0] == "Acme"] == [("Acme", 1, "2026-11-23", "churned")]
    desk.typed("--undo")
    assert told(desk)[0] == ("Acme", 1, "2026-11-23", None)
