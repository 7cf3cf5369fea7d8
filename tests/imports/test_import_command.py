"""`import FILE.csv`, as it is typed, and what stands in the database afterwards."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import SQLModel, col

from bot.actions.accounts import accounts, lookup
from bot.actions.actor import Actor
from bot.actions.lifecycle import stages
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import load
from bot.rules.slack_facts import WorkspaceFacts
from bot.settings import Settings
from db.core import workspaces
from db.core.engine import connect
from db.core.tx import begin
from db.models import Account, Alias, Audit, ImportRun, StageChange, Touchpoint
from tests.databases import BOTH

from .conftest import TEAM, Desk

PRIYA = Actor("U1", "slash")
PLAYBOOK = load(Settings().playbook)
THREE = (
    "Company name,Lifecycle Stage,Company owner\nAcme,Customer,Priya Raman\nBolt,Lead,\nCog,MQL,\n"
)

HEADINGS = {
    "hubspot": "Record ID,Company name,Company owner,Lifecycle Stage,Company Domain Name,"
    "Renewal date",
    "salesforce": "Account ID,Account Name,Account Owner,Type,Billing City,Contract End Date",
    "pipedrive": "Organization - ID,Organization - Name,Organization - Owner,"
    "Organization - Label,Organization - Address,Organization - Renewal date",
    "plain": "ID,Account,Manager,Stage,City,Contract end",
    "other": "crm id,CUSTOMER,csm,lifecycle_stage,town,Renews on",
}


@pytest.mark.parametrize("crm", HEADINGS)
def test_the_usual_headings_are_understood(desk: Desk, crm: str) -> None:
    desk.bring(f"{HEADINGS[crm]}\n17,Müller & Söhne,Priya Raman,Customer,Köln,2027-03-31\n")
    found = desk.account("Müller & Söhne")
    assert (found.external_id, found.manager_id, found.stage) == ("17", "U1", "adoption")
    assert found.renews_on == date(2027, 3, 31)


def test_a_file_without_a_name_writes_nothing_and_says_what_would_work(desk: Desk) -> None:
    content = "Firm,Town\nAcme,Cork\n"
    with pytest.raises(UserError) as refused:
        desk.bring(content)
    assert "The headings found are: Firm, Town." in refused.value.sentence
    assert '--map "Firm=name"' in refused.value.sentence
    assert not desk.all(Account)
    desk.bring(content, "--map", "Firm=name")
    assert desk.account("Acme").stage == "prospect"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--map", "Town=colour"), "name, external_id"),
        (("--map", "Region=name"), 'no column "Region"'),
        (("--map", "nonsense"), "Their column=field"),
        (("--stage", "Won=Nirvana"), "one of prospect"),
    ],
)
def test_a_wrong_option_is_told_with_what_would_be_right(
    desk: Desk, words: tuple[str, ...], says: str
) -> None:
    with pytest.raises(UserError, match=says):
        desk.bring("Account,Town\nAcme,Cork\n", *words)


def test_words_for_stages_are_known_or_told_by_an_option(desk: Desk) -> None:
    said = desk.bring(
        "Account,Stage\nA,Opportunity\nB,Evangelist\nC,Closed Won\nD,renewal\nE,Umbrella\n"
        "F,Adopton\n",
        "--stage", "closed won=growth",
    )  # fmt: skip
    stages_now = {one.name: one.stage for one in desk.all(Account)}
    assert stages_now == {"A": "evaluation", "B": "advocacy", "C": "growth", "D": "renewal"}
    assert '6 │ no stage "Umbrella"' in said
    assert 'no stage "Adopton", did you mean "adoption"? Say --stage "Adopton=adoption"' in said


def test_a_column_that_holds_no_stage_at_all_refuses_the_file(desk: Desk) -> None:
    with pytest.raises(UserError, match=r'--map "Type=ignore"'):
        desk.bring("Account,Type\nAcme,Manufacturing\nBolt,Farming\n")
    desk.bring("Account,Type\nAcme,Manufacturing\n", "--map", "Type=ignore")
    assert desk.account("Acme").stage == "prospect"


def test_the_table_counts_and_names_rows_and_reasons(desk: Desk) -> None:
    said = desk.bring(
        "Account,Renewal date\nAcme,2027-03-31\n,2027-03-31\nBolt,soon\nacme,\nC,1,2\n"
    )
    assert "│ Accounts │ 2 │ 0 │ 0 │ 0 │ 3 │" in said
    assert "3 │ no account name" in said
    assert '1 cell left empty: no date can be read from "soon" (row 4).' in said
    assert '5 │ "acme" is already in row 2' in said
    assert "6 │ 3 cells where the heading has 2" in said


def test_many_rejected_rows_are_shown_in_part_and_written_in_full(
    desk: Desk, tmp_path: Path
) -> None:
    rows = "".join(f"N{n},1,never\n" for n in range(57))
    said = desk.bring(f"Account,Renewal\nA,\n{rows}", "--rejects", str(tmp_path / "out.csv"))
    assert "… and 37 more; --rejects FILE.csv writes them all" in said
    written = (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()
    assert len(written) == 58
    assert written[1].startswith("accounts,3,")


@BOTH
def test_the_same_file_twice_changes_nothing(desk: Desk) -> None:
    desk.bring(THREE)
    before = [one.model_dump() for model in (Account, Touchpoint) for one in desk.all(model)]
    desk.wait(days=1)
    assert "Nothing has changed since the last time." in desk.bring(THREE)
    after = [one.model_dump() for model in (Account, Touchpoint) for one in desk.all(model)]
    assert after == before
    assert len(desk.all(ImportRun)) == 1


def test_a_dry_run_shows_what_would_change_and_writes_nothing(desk: Desk) -> None:
    said = desk.bring(THREE, "--dry-run")
    assert "stage adoption, owner Priya Raman" in said
    assert "This was a dry run: nothing was written." in said
    assert not desk.all(Account)
    assert not desk.all(ImportRun)
    assert not desk.all(Audit)


def test_an_update_is_matched_by_id_and_keeps_the_old_name(desk: Desk) -> None:
    desk.bring("Record ID,Company name\n17,Acme\n")
    said = desk.bring("Record ID,Company name\n17,Acme Holding\n", "--dry-run")
    assert "name Acme → Acme Holding" in said
    desk.bring("Record ID,Company name\n17,Acme Holding\n")
    assert desk.account("Acme Holding").external_id == "17"
    assert [one.alias for one in desk.all(Alias)] == ["Acme"]


def test_an_account_is_matched_by_name_or_alias_and_gets_the_id(desk: Desk) -> None:
    desk.bring("Account,Alias\nMüller & Söhne,Mueller; M+S\n")
    desk.bring("Record ID,Account,Renewal date\n9,MUELLER,2027-01-29\n")
    (found,) = desk.all(Account)
    assert (found.name, found.external_id) == ("Müller & Söhne", "9")
    assert found.renews_on == date(2027, 1, 29)


def test_two_accounts_of_one_name_in_a_crm_are_told_apart(desk: Desk) -> None:
    desk.bring("Record ID,Account\n1,Acme\n")
    said = desk.bring("Record ID,Account\n1,Acme\n2,Acme\n")
    assert 'another account of the file, id 1, is called "Acme"' in said
    assert len(desk.all(Account)) == 1


def test_a_move_in_slack_is_not_taken_back_by_an_import(desk: Desk) -> None:
    desk.bring("Account,Stage\nAcme,lead\nBolt,lead\n")
    with begin(desk.engine, TEAM) as tx:
        acme = lookup.find_account(tx, "Acme")
        stages.move(desk.work(tx, PRIYA), acme, "adoption", reason=None, seen=None)
    desk.wait(days=1)
    said = desk.bring("Account,Stage\nAcme,opportunity\nBolt,opportunity\n")
    assert desk.account("Acme").stage == "adoption"
    assert desk.account("Bolt").stage == "evaluation"
    assert "Kept: moved in Slack: 1" in said
    assert "stage evaluation" in said


def test_a_manager_chosen_in_slack_stays_and_one_of_the_crm_follows_it(desk: Desk) -> None:
    desk.bring("Account,Owner\nAcme,Priya Raman\nBolt,Priya Raman\n")
    with begin(desk.engine, TEAM) as tx:
        accounts.set_manager(desk.work(tx, PRIYA), lookup.find_account(tx, "Acme"), "U3")
    said = desk.bring("Account,Owner\nAcme,Tom Okafor\nBolt,Tom Okafor\n")
    assert desk.account("Acme").manager_id == "U3"
    assert desk.account("Bolt").manager_id == "U2"
    assert "Kept: changed in Slack: 1" in said


@pytest.mark.parametrize(
    ("words", "manager", "name"),
    [
        ("tom@fairweather.example", "U2", None),
        ("Okafor, Tom", "U2", None),
        ("Tom Okafor (tom@fairweather.example)", "U2", None),
        ("Jo Stranger", None, "Jo Stranger"),
        ("Unassigned", None, None),
    ],
)
def test_owners_are_found_among_the_people_of_slack(
    desk: Desk, words: str, manager: str | None, name: str | None
) -> None:
    desk.bring(f'Account,Owner\nAcme,"{words}"\n')
    found = desk.account("Acme")
    assert (found.manager_id, found.owner_name) == (manager, name)


def test_an_archived_account_is_left_alone(desk: Desk) -> None:
    desk.bring("Account,Stage\nAcme,lead\n")
    with begin(desk.engine, TEAM) as tx:
        tx.execute(update(Account).values(archived_at=desk.now))
    assert "Kept: archived: 1" in desk.bring("Account,Stage\nAcme,customer\n")
    assert desk.account("Acme").stage == "prospect"


def test_an_import_plans_from_now_on_and_never_floods(desk: Desk) -> None:
    rows = "".join(f"N{n},customer,2026-12-{n % 28 + 1:02d}\n" for n in range(90))
    desk.bring(f"Account,Stage,Renewal date\n{rows}")
    planned = desk.all(Touchpoint)
    assert planned
    assert min(one.due_at for one in planned if not one.term) > desk.now
    days = Counter((one.owner, one.due_at.date()) for one in planned if one.owner != "manager")
    assert max(days.values()) <= 10
    for one in planned:
        assert PLAYBOOK.calendar(one.owner).is_open(one.due_at)
        assert one.wake_at == one.due_at
        assert one.due_at < desk.now + timedelta(days=200)


@BOTH
def test_another_stage_takes_back_what_was_planned_and_plans_anew(desk: Desk) -> None:
    desk.bring("Account,Stage\nAcme,lead\n")
    first = {one.id for one in desk.all(Touchpoint)}
    desk.wait(days=1)
    desk.bring("Account,Stage\nAcme,customer\n")
    found = desk.all(Touchpoint)
    assert {one.state for one in found if one.id in first} == {"cancelled"}
    assert {one.stage for one in found if one.id not in first and not one.term} == {"adoption"}
    assert [one.to_stage for one in desk.all(StageChange)] == ["prospect", "adoption"]


def test_another_renewal_date_moves_what_was_planned_around_it(desk: Desk) -> None:
    desk.bring("Account,Stage,Renewal date\nAcme,renewal,2027-06-30\n")
    before = {one.play: one.due_at for one in desk.all(Touchpoint)}
    desk.bring("Account,Stage,Renewal date\nAcme,renewal,2027-09-30\n")
    after = {
        one.play: one.due_at for one in desk.all(Touchpoint, col(Touchpoint.state) == "planned")
    }
    assert set(after) == set(before)
    assert any(after[play] > before[play] + timedelta(days=60) for play in before)
    desk.typed("--undo")
    assert {one.play: one.due_at for one in desk.all(Touchpoint)} == before


def test_a_database_without_a_workspace_asks_to_start_the_bot_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    desk = Desk(tmp_path, url, connect(url))
    with pytest.raises(UserError, match="start the bot once"):
        desk.bring("Account\nAcme\n")


def test_the_workspace_is_asked_for_only_where_it_cannot_be_told(desk: Desk) -> None:
    with pytest.raises(UserError, match=r"no workspace T9.*--workspace T1"):
        desk.bring("Account\nAcme\n", "--workspace", "T9")
    workspaces.save_installation(desk.engine, WorkspaceFacts("T2", "Second", "UBOT"), desk.now)
    with pytest.raises(UserError, match=r"several workspaces.*--workspace T1 or --workspace T2"):
        desk.bring("Account\nAcme\n")
    desk.bring("Account\nAcme\n", "--workspace", "T1")
    assert desk.account("Acme").workspace_id == "T1"


def test_an_empty_database_takes_the_workspace_that_is_named(tmp_path: Path) -> None:
    engine = connect(url := f"sqlite:///{tmp_path / 'empty.db'}")
    SQLModel.metadata.create_all(engine)
    desk = Desk(tmp_path, url, engine)
    desk.bring("Account\nAcme\n", "--workspace", "T1")
    assert desk.account("Acme").workspace_id == "T1"


def test_a_file_that_is_not_there_is_told(desk: Desk) -> None:
    with pytest.raises(UserError, match=r"cannot read .*nowhere\.csv"):
        desk.typed("nowhere.csv")
    with pytest.raises(UserError, match="Say which file"):
        desk.typed()
