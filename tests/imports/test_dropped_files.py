"""A dropped file is decided by clicks: each question, what is kept, Undo, and always an answer."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from bot.actions.imports import dropped_file
from bot.nudges.duties.daily import delete_old
from bot.rules.errors import UserError
from db.models import Account, DroppedFile
from sandbox.model import SlackMessage
from tests.story import Story

from .conftest import Desk

MESSY = (
    "Account,Stage,Renewal date,Owner\n"
    "Acme,Onboarding,03/04/2027,Priya Raman\n"
    "Globex,Evangelist - Gold,2027-06-30,Thomas O.\n"
    "Initech,Onboarding,05/06/2027,Thomas O.\n"
)


def drop(story: Story, content: str | bytes, name: str = "hubspot.csv") -> SlackMessage:
    data = content if isinstance(content, bytes) else content.encode()
    story.slack.upload("priya", "@linchpin", name, data)
    story.settle()
    return story.sees("@priya", name)


def accounts(story: Story) -> dict[str, Account]:
    with story.tx() as tx:
        return {one.name: one for one in tx.all(select(Account))}


def block_of(message: SlackMessage, words: str) -> dict[str, Any]:
    return next(one for one in message.blocks or [] if words in str(one))


def pick(story: Story, message: SlackMessage, words: str, value: Any = None) -> None:
    block = block_of(message, words)["block_id"]
    story.clicks("priya", message, "import:answer", value=value, block_id=block)


def test_dates_stages_and_owners_are_answered_by_clicks_and_then_it_can_be_imported(story: Story):
    asked = drop(story, MESSY)
    assert asked.text.startswith("hubspot.csv: 3 rows, nothing written yet\nAnswer question 1 to")
    assert "Is 03/04/2027 day first or month first?" in asked.text
    assert "--" not in asked.text
    assert "import:go" not in str(asked.blocks)  # not before it can work
    story.clicks("priya", asked, "Day first: Sat 3 Apr 2027")
    asked = story.again(asked)
    assert "Answered: Renewal date: day first" in asked.text
    assert "Waiting for question 1: 1 · Globex" in asked.text
    assert "import:go" in str(asked.blocks)
    story.clicks("priya", asked, "Advocacy")
    asked = story.again(asked)
    assert "New: 3" in asked.text
    pick(story, asked, 'Who is "Thomas O."', "tom")
    asked = story.again(asked)
    story.clicks("priya", asked, "Import")
    said = story.again(asked).text
    assert said.startswith("hubspot.csv was imported.")
    assert "New: 3" in said
    found = accounts(story)
    assert str(found["Acme"].renews_on) == "2027-04-03"
    assert found["Globex"].stage == "advocacy"
    assert found["Globex"].manager_id == found["Initech"].manager_id is not None


def test_an_import_is_taken_back_by_its_button_once(story: Story):
    asked = drop(story, "Account,Stage\nAcme,Onboarding\n")
    story.clicks("priya", asked, "Import")
    done = story.again(asked)
    story.clicks("priya", asked, "Import")  # a second time, before it was drawn anew
    assert "That file was imported, cancelled" in story.private("priya").text
    story.slack.change_person("priya", is_admin=False)
    story.clicks("priya", done, "Undo")
    assert "Only admins" in story.private("priya").text
    story.slack.change_person("priya", is_admin=True)
    story.clicks("priya", done, "Undo")
    assert "was taken back: 1 account deleted" in story.again(done).text
    assert accounts(story) == {}


def test_what_stayed_open_is_named_after_the_import(story: Story):
    words = "".join(f"Firm {n},Gold {n},2027-06-30,\n" for n in range(8))
    asked = drop(story, MESSY.replace("03/04", "30/04") + words)
    assert "Waiting for questions 4 to 9: 6, like Firm 2" in asked.text
    story.clicks("priya", asked, "Import")
    said = story.again(asked).text
    assert "Not imported, stage not known: 1 · Globex" in said
    assert '"Thomas O." was not found: 2 rows without a manager. `/account Initech manager' in said


def test_only_the_last_import_is_taken_back(story: Story):
    first = drop(story, "Account,Stage\nAcme,Onboarding\n", "one.csv")
    story.clicks("priya", first, "Import")
    second = drop(story, "Account,Stage\nGlobex,Onboarding\n", "two.csv")
    story.clicks("priya", second, "Import")
    story.clicks("priya", story.again(first), "Undo")
    assert "Only the last import can be taken back" in story.private("priya").text
    assert set(accounts(story)) == {"Acme", "Globex"}


def test_the_column_of_the_names_is_asked_for(story: Story):
    asked = drop(story, "Firma,Colour\nAcme,red\n")
    assert "Which column is the account's name?" in asked.text
    story.clicks("priya", asked, "Firma")
    asked = story.again(asked)
    story.clicks("priya", asked, "Import")
    assert set(accounts(story)) == {"Acme"}


def test_how_deals_ended_is_asked_for(story: Story):
    asked = drop(
        story,
        "Opportunity,Account,Stage,Close date,Amount\nD1,Acme,Closed (old),2026-10-01,100\n",
        "deals.csv",
    )
    assert 'How did deals at "Closed (old)" end?' in asked.text
    story.clicks("priya", asked, "Won")
    assert "Answered: Closed (old): won" in story.again(asked).text


def test_whether_two_names_are_one_customer_is_asked_for(story: Story):
    story.types("priya", "/account add Northwind Traders")
    asked = drop(story, 'Account,Stage\n"northwind traders, Inc.",Onboarding\n')
    assert 'Is "northwind traders, Inc." the same customer as "Northwind Traders"?' in asked.text
    story.clicks("priya", asked, "A new customer")
    story.clicks("priya", story.again(asked), "Import")
    assert len(accounts(story)) == 2


def test_answers_with_an_erased_customer_s_name_are_forgotten(story: Story):
    story.types("priya", "/account add Müller")
    asked = drop(story, 'Account,Stage\n"müller, GmbH",Onboarding\n')
    story.clicks("priya", asked, "A new customer")
    story.types("priya", "/account Müller erase")
    story.slack.submit("priya", {"name": "Müller"})
    with story.tx() as tx:
        assert tx.count(DroppedFile) == 0


def test_what_people_said_is_kept_and_told(story: Story):
    first = drop(story, "Account,Stage\nAcme,Onboarding\n", "one.csv")
    story.clicks("priya", first, "Import")
    story.types("priya", "/stage acme advocacy")
    story.sees("#customers", "Acme moved")
    asked = drop(story, "Account,Stage\nAcme,Renewal\nGlobex,Prospect\n", "two.csv")
    assert "Kept as it is in Slack: 1 · Acme · moved in Slack" in asked.text


def test_all_rows_are_shown_in_pages(story: Story):
    names = "".join(f"Firm {number},Onboarding\n" for number in range(130))
    asked = drop(story, "Account,Stage\n" + names)
    story.clicks("priya", asked, "Show all 130 rows")
    view = story.slack.modal("priya")
    assert view is not None
    assert "page 1 of 2" in str(view.blocks)
    story.clicks("priya", view, "Next")
    view = story.slack.modal("priya")
    assert view is not None
    assert "Firm 129" in str(view.blocks)


def test_a_file_that_breaks_the_import_is_answered_and_its_words_are_not_logged(
    story: Story, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(*_: object) -> None:
        raise RuntimeError("Acme is secret")

    monkeypatch.setattr(dropped_file, "read_sheet", broken)
    story.slack.upload("priya", "@linchpin", "x.csv", b"Account\nAcme\n")
    story.settle()
    story.sees("@priya", "broke the import, and nothing was written")
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def test_a_click_on_an_old_preview_gets_one_sentence(story: Story):
    asked = drop(story, MESSY)
    story.clicks("priya", asked, "Day first: Sat 3 Apr 2027")
    asked = story.again(asked)
    story.after(days=31)
    delete_old(story.engine, story.now)
    with story.tx() as tx:
        assert tx.count(DroppedFile) == 0
    story.clicks("priya", asked, "Import")
    assert "Drop it here again" in story.private("priya").text
    assert accounts(story) == {}
    for _ in range(4):
        story.sees("#customers", "Company digest")


def test_the_terminal_names_the_flag_for_each_question_and_takes_its_answer(desk: Desk):
    said = desk.bring(MESSY, "--dry-run")
    assert "--dates dmy or --dates mdy" in said
    assert '--stage "Evangelist - Gold=STAGE"' in said
    assert '--answer "owner:Thomas O.=@PERSON"' in said
    desk.bring(MESSY, "--dates", "dmy", "--answer", "owner:Thomas O.=@tom")
    assert desk.account("Initech").manager_id == "U2"


def test_rejects_into_no_folder_are_refused_before_anything_is_written(desk: Desk):
    with pytest.raises(UserError, match="There is no folder"):
        desk.bring("Account\nAcme\n", "--rejects", "/nowhere/at/all/rejects.csv")
    assert desk.all(Account) == []


def test_nothing_has_changed_is_said_only_where_it_is_so(desk: Desk):
    assert "Nothing has changed" not in desk.bring("Account,Stage\nAcme,Onboarding,x\n")
    desk.bring("Account,Stage\nAcme,Onboarding\n")
    assert "Nothing has changed since" in desk.bring("Account,Stage\nAcme,Onboarding\n")


def test_rows_that_somebody_leaves_out_are_told_as_left_out(story: Story):
    asked = drop(story, "Account,Stage\nAcme,Onboarding\nGlobex,Gold\n")
    assert "Waiting for question 1: 1 · Globex" in asked.text
    story.clicks("priya", asked, "Leave this row out")
    assert "Left out: 1 · row 3" in story.again(asked).text
