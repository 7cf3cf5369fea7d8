"""A customer's data leaves as a file, and goes for good, from every table and from Slack."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from sqlmodel import SQLModel, select

from bot.__main__ import build_parser
from bot.settings import Settings
from db.accounts import account_data
from db.models import Account, Audit
from tests.story import Story

NAME = "Müller & Söhne"
# Tables of a workspace that hold nothing of an account but what personal.py names by hand.
NOT_AN_ACCOUNT_S = set(
    "absence audit channel departure department dropped_file finding home import_change "
    "import_run inbox lane occurrence outbox person playbook_version reaction said "
    "touchpoint_list".split()
)


def told_of(story: Story, words: str) -> list[str]:
    """Every column of every table that holds the words."""
    found = []
    with story.engine.connect() as connection:
        for table in SQLModel.metadata.tables.values():
            for row in connection.execute(table.select()):
                text = json.dumps(list(row), default=str, ensure_ascii=False)
                if words in text:
                    found.append(f"{table.name}: {text}")
    return found


def lived(story: Story) -> None:
    story.types("priya", f'/account add "{NAME}" stage onboarding manager @priya renews 2027-03-31')
    story.types("priya", f'/account "{NAME}" alias Mueller GmbH')
    story.types("priya", f'/log "{NAME}" call their Frau Weber likes it')
    story.types("priya", "/account add Globex stage onboarding")
    story.until("2026-11-24 12:00")
    story.types("priya", f'/stage "{NAME}" renewal')
    story.until("2026-11-30 12:00")
    for message in story.slack.unexpected():
        story.slack.expect(message.channel, *([message.text] if message.text else []))


def test_every_table_with_an_account_in_it_is_known() -> None:
    known = {str(model.__tablename__) for model in account_data.workspace_models()}
    theirs = {
        str(model.__tablename__)
        for model in account_data.workspace_models()
        if account_data.belongs_to_account(model, 1) is not None
    }
    assert known - theirs == NOT_AN_ACCOUNT_S, (
        "say in db/accounts/account_data.py whose the new table's rows are"
    )


def test_an_erased_customer_is_nowhere_any_more(story: Story) -> None:
    lived(story)
    assert told_of(story, "Weber")
    answer = story.types("diego", f'/account "{NAME}" erase')
    assert "Only admins" in answer.text
    story.types("priya", f'/account "{NAME}" erase')
    wrong = story.slack.submit("priya", {"name": "Globex"})
    assert "not its name" in str(wrong)
    story.slack.submit("priya", {"name": "müller & söhne"})
    story.settle()
    for words in ("Müller", "M\\u00fcller", "Mueller", "Weber"):
        assert told_of(story, words) == []
    left = [
        m.text
        for where in ("#operations", "#customers", "@priya")
        for m in story.slack.messages(where)
    ]
    assert [text for text in left if "Müller" in text] == []
    assert any("Globex" in text for text in left)
    with story.tx() as tx:
        assert [account.name for account in tx.all(select(Account))] == ["Globex"]
        lines = [line for line in tx.all(select(Audit)) if line.verb == "account.erased"]
    assert [(line.by_user, line.subject) for line in lines] == [("U0PRIYA", "account:1")]
    story.after(days=1)
    for message in story.slack.unexpected():
        story.slack.expect(message.channel, message.text)


@pytest.mark.parametrize("account", [NAME, None])
def test_export_writes_all_of_an_account_or_of_all(
    story: Story, tmp_path: Path, account: str | None
) -> None:
    lived(story)

    def export(to: Path, *more: str) -> None:
        words = ["export", str(to), *more, *(["--account", account] if account else [])]
        args = build_parser(words).parse_args(words)
        assert args.run(args, settings=Settings(database_url=story.url)) == 0

    export(tmp_path / "all.json")
    tables = json.loads((tmp_path / "all.json").read_text())
    assert [row["name"] for row in tables["account"]] == [NAME, *([] if account else ["Globex"])]
    assert "Weber" in json.dumps(tables["interaction"])
    assert {row["verb"] for row in tables["audit"]} >= {"account.moved", "interaction.logged"}
    assert any("Kick-off" in json.dumps(row) for row in tables["outbox"])
    export(tmp_path / "folder", "--format", "csv")
    with (tmp_path / "folder" / "account.csv").open() as file:
        assert next(csv.DictReader(file))["name"] == NAME


def test_export_of_one_person_has_what_names_them(story: Story, tmp_path: Path) -> None:
    story.types("priya", "/account add Globex stage advocacy")
    story.types("priya", "/account globex people Jo Byrne, COO")
    story.types("priya", "/log globex call Jo Byrne likes it")
    story.types("priya", "/log globex note all is well")
    to = tmp_path / "jo.json"
    words = ["export", str(to), "--account", "globex", "--contact", "jo byrne"]
    args = build_parser(words).parse_args(words)
    assert args.run(args, settings=Settings(database_url=story.url)) == 0
    tables = json.loads(to.read_text())
    assert [row["role"] for row in tables["contact"]] == ["COO"]
    assert [row["text"] for row in tables["interaction"]] == ["Jo Byrne likes it"]
    assert "account" not in tables
