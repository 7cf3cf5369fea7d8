"""`import --undo`."""

import pytest
from sqlalchemy import update
from sqlmodel import col

from bot.actions.accounts import accounts, lookup
from bot.actions.actor import Actor
from bot.rules.errors import UserError
from db.core.tx import begin
from db.models import Account, Alias, ImportChange, Interaction, StageChange, Touchpoint
from tests.databases import BOTH

from .conftest import TEAM, Desk

PRIYA = Actor("U1", "slash")


def test_undo_deletes_what_the_import_made(desk: Desk) -> None:
    desk.bring("Account,Stage,Alias\nAcme,lead,A; B\nBolt,customer,\n")
    said = desk.typed("--undo")
    assert "2 accounts deleted" in said
    for model in (Account, Alias, StageChange, Touchpoint, Interaction):
        assert not desk.all(model), model
    assert desk.all(ImportChange)


def test_undo_leaves_and_names_accounts_with_which_something_has_happened(desk: Desk) -> None:
    desk.bring("Account,Stage\nAcme,lead\nBolt,lead\nCog,lead\nDot,lead\n")
    with begin(desk.engine, TEAM) as tx:
        accounts.set_manager(desk.work(tx, PRIYA), lookup.find_account(tx, "Acme"), "U1")
        bolt = lookup.find_account(tx, "Bolt")
        tx.add(
            Interaction(
                account_id=bolt.id, kind="call", text="hello", happened_on=desk.now.date(),
                source="slash", created_at=desk.now,
            )
        )  # fmt: skip
        cog = lookup.find_account(tx, "Cog")
        tx.execute(
            update(Touchpoint).where(col(Touchpoint.account_id) == cog.id).values(state="nudged")
        )
    said = desk.typed("--undo")
    assert {one.name for one in desk.all(Account)} == {"Acme", "Bolt", "Cog"}
    assert "it was changed since" in said
    assert "something was logged" in said
    assert "a touchpoint was nudged" in said
    assert any(one.state == "planned" for one in desk.all(Touchpoint))


@BOTH
def test_undo_puts_changed_values_back_and_the_plan_with_them(desk: Desk) -> None:
    desk.bring("Account,Stage,Owner,Renewal date\nAcme,lead,Priya Raman,2027-03-31\n")
    before = desk.account("Acme").model_dump(exclude={"version"})
    planned = {one.play: one.due_at for one in desk.all(Touchpoint)}
    desk.wait(days=1)
    desk.bring("Account,Stage,Owner,Renewal date\nAcme,customer,Jo New,2027-09-30\n")
    assert desk.account("Acme").owner_name == "Jo New"
    desk.typed("--undo")
    assert desk.account("Acme").model_dump(exclude={"version"}) == before
    assert {one.play: one.due_at for one in desk.all(Touchpoint)} == planned
    assert {one.state for one in desk.all(Touchpoint)} == {"planned"}
    assert len(desk.all(StageChange)) == 1


def test_undo_keeps_a_value_that_somebody_changed_since(desk: Desk) -> None:
    desk.bring("Account,Owner,Renewal date\nAcme,Priya Raman,2027-03-31\n")
    desk.bring("Account,Owner,Renewal date\nAcme,Tom Okafor,2027-09-30\n")
    with begin(desk.engine, TEAM) as tx:
        accounts.set_manager(desk.work(tx, PRIYA), lookup.find_account(tx, "Acme"), "U3")
    said = desk.typed("--undo")
    found = desk.account("Acme")
    assert (found.manager_id, str(found.renews_on)) == ("U3", "2027-03-31")
    assert "owner changed since" in said


def test_two_imports_are_taken_back_one_after_the_other(desk: Desk) -> None:
    desk.bring("Account,Stage\nAcme,lead\n")
    desk.bring("Account,Stage\nAcme,customer\nBolt,lead\n")
    desk.typed("--undo")
    assert [(one.name, one.stage) for one in desk.all(Account)] == [("Acme", "prospect")]
    desk.typed("--undo")
    assert not desk.all(Account)
    with pytest.raises(UserError, match="no import to take back"):
        desk.typed("--undo")


def test_what_was_taken_back_can_be_brought_in_again(desk: Desk) -> None:
    for _ in range(2):
        desk.bring("Account,Stage\nAcme,lead\n")
        desk.deals("Account,Deal ID,Stage,Close date,Created\nAcme,1,Won,2026-11-20,2026-11-01\n")
        assert desk.account("Acme").stage == "onboarding"
        desk.typed("--undo")
        desk.typed("--undo")
        assert not desk.all(Account)


def test_undo_goes_with_no_file(desk: Desk) -> None:
    with pytest.raises(UserError, match="goes with no file"):
        desk.typed("--undo", "accounts.csv")
