"""Lists of people at customers, in the terminal and dropped into the bot's messages."""

from __future__ import annotations

import pytest

from db.core.tx import begin
from db.models import Account, Contact, ValueEntry

from .conftest import TEAM, Desk

ACCOUNTS = "Account ID,Account\n17,Acme Corporation\n18,Bolt\n"
HEADINGS = {
    "hubspot": "Record ID,First Name,Last Name,Email,Job Title,Buying Role,"
    "Associated Company,Associated Company IDs",
    "salesforce": "Contact ID,First Name,Last Name,Email,Title,Role,Account Name,Account ID",
    "pipedrive": "Person - ID,Person - First name,Person - Last name,Person - Email - Work,"
    "Person - Job title,Person - Role,Person - Organization,Organization - ID",
}
ROW = "c1,Ruth,Pell,ruth@acme.example,COO,DECISION_MAKER,Acme Corp.,17\n"


def people(desk: Desk) -> list[tuple[str, str | None, str | None]]:
    return [(row.name, row.role, row.email) for row in desk.all(Contact)]


def imports(desk: Desk, content: str, *words: str) -> str:
    return desk.typed("--contacts", desk.file("people.csv", content), *words)


@pytest.mark.parametrize("crm", HEADINGS)
def test_the_usual_headings_are_understood_and_accounts_matched_by_id(desk: Desk, crm: str) -> None:
    desk.bring(ACCOUNTS)
    told = imports(desk, f"{HEADINGS[crm]}\n{ROW}", "--dry-run")
    assert "Acme Corporation │ added │ Ruth Pell, COO (decision maker)" in told
    assert people(desk) == []
    imports(desk, f"{HEADINGS[crm]}\n{ROW}")
    assert people(desk) == [("Ruth Pell", "COO, decision maker", "ruth@acme.example")]


def test_unknown_accounts_are_reported_and_not_made(desk: Desk) -> None:
    desk.bring(ACCOUNTS)
    content = "Full name,Email,Account\nJo Byrne,,Bolt\nTim Kay,,Nobody Ltd\nAnn Lee,,\n"
    told = imports(desk, content)
    assert '1 row │ there is no account "Nobody Ltd"' in told
    assert "1 row │ no account named" in told
    assert ([name for name, _, _ in people(desk)], len(desk.all(Account))) == (["Jo Byrne"], 2)


def test_a_second_run_changes_nothing_and_undo_takes_it_back(desk: Desk) -> None:
    desk.bring(ACCOUNTS)
    content = f"{HEADINGS['hubspot']}\n{ROW}"
    imports(desk, content)
    assert "Nothing has changed since the last time." in imports(desk, content)
    desk.wait(days=1)
    assert "Contacts │ 0 │ 1 │" in imports(desk, content.replace("Pell,", "Pell-Ray,"))
    assert people(desk)[0][0] == "Ruth Pell-Ray"
    desk.typed("--undo")
    assert people(desk) == [("Ruth Pell", "COO, decision maker", "ruth@acme.example")]
    desk.typed("--undo")
    assert (people(desk), len(desk.all(Account))) == ([], 2)


def test_who_confirmed_something_before_is_matched_and_stays(desk: Desk) -> None:
    desk.bring(ACCOUNTS)
    with begin(desk.engine, TEAM) as tx:
        tx.add(ValueEntry(account_id=1, term=1, text="a day", source="slash", created_at=desk.now,
                          confirmed_on=desk.now.date(), confirmed_by="Ruth Pell"))  # fmt: skip
    imports(desk, f"{HEADINGS['hubspot']}\n{ROW}")
    assert [row.contact_id for row in desk.all(ValueEntry)] == [1]
    desk.typed("--undo")
    assert [name for name, _, _ in people(desk)] == ["Ruth Pell"]
