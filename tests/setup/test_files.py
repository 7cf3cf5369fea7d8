"""A CSV file dropped into the messages: first what it would do, then as an admin says."""

from __future__ import annotations

from sqlmodel import select

from db.models import Account
from tests.commands.helpers import lasting, verbs
from tests.story import Story

ACCOUNTS = (
    b"Account,Stage,Renewal date\nAcme,Onboarding,2027-03-31\nGlobex,Prospect,\n,,\nX,Nowhere,\n"
)


def names(story: Story) -> list[str]:
    with story.tx() as tx:
        return sorted(account.name for account in tx.all(select(Account)))


def test_a_file_is_answered_with_what_it_would_do_and_nothing_is_written(story: Story):
    before = lasting(story)
    story.slack.upload("priya", "@linchpin", "accounts.csv", ACCOUNTS)
    story.settle()
    asked = story.sees("@priya", "accounts.csv: 3 rows, nothing written yet", "Import")
    assert "touchpoints would be planned from now on" in asked.text
    assert "New: 2, like Acme" in asked.text
    assert "Waiting for question 1: 1" in asked.text
    assert "--stage" not in asked.text  # nobody can type that here
    assert lasting(story) == before | {"dropped_file": 1}


def test_a_button_brings_them_in_and_the_same_file_again_changes_nothing(story: Story):
    story.slack.upload("priya", "@linchpin", "accounts.csv", ACCOUNTS)
    story.settle()
    asked = story.sees("@priya", "New: 2")
    story.clicks("priya", asked, "Import")
    assert story.again(asked).text.startswith("accounts.csv was imported.")
    assert names(story) == ["Acme", "Globex"]
    assert "import.asked" in verbs(story)
    story.slack.upload("priya", "@linchpin", "accounts.csv", ACCOUNTS)
    story.settle()
    story.sees("@priya", "accounts.csv: 3 rows", "Nothing can come in", "Unchanged: 2")


def test_a_file_can_be_left(story: Story):
    story.slack.upload("priya", "@linchpin", "accounts.csv", ACCOUNTS)
    story.settle()
    asked = story.sees("@priya", "nothing written yet")
    story.clicks("priya", asked, "Cancel")
    assert story.again(asked).text == "accounts.csv was not imported. Nothing was written."
    assert names(story) == []


def test_a_list_of_deals_is_known_by_its_headings(story: Story):
    deals = b"Opportunity,Account,Stage,Close date,Amount\nD1,Acme,Won,2026-10-01,100\n"
    story.slack.upload("priya", "@linchpin", "deals.csv", deals)
    story.settle()
    story.sees("@priya", "deals.csv: 1 row", "New: 1")


def test_a_list_of_people_is_known_by_its_headings(story: Story):
    story.types("priya", "/account add Acme")
    people = b"First name,Last name,Company\nJo,Byrne,Acme\nTim,Kay,Nobody\n"
    story.slack.upload("priya", "@linchpin", "people.csv", people)
    story.settle()
    asked = story.sees("@priya", "people.csv: 2 rows", "New: 1", "Left out: 1")
    assert 'there is no account "Nobody"' in asked.text
    story.clicks("priya", asked, "Import")
    assert "Jo Byrne" in story.types("priya", "/account acme people").text


def test_only_admins_bring_files_in(story: Story):
    story.slack.upload("tom", "@linchpin", "accounts.csv", ACCOUNTS)
    story.settle()
    story.sees("@tom", "Only admins of this workspace can import accounts.")


def test_who_is_no_admin_any_more_does_not_bring_in_what_they_were_asked_about(story: Story):
    story.slack.upload("priya", "@linchpin", "accounts.csv", ACCOUNTS)
    story.settle()
    asked = story.sees("@priya", "nothing written yet")
    story.slack.change_person("priya", is_admin=False)
    story.clicks("priya", asked, "Import")
    assert "Only admins of this workspace" in story.private("priya").text
    assert names(story) == []


def test_what_is_no_list_of_accounts_is_told_in_one_sentence(story: Story):
    for name, data, told in (
        ("photo.png", b"\x89PNG\0\0", "is a picture"),
        ("book.xlsx", b"PK\x03\x04", "is no workbook that can be read"),
        ("long.csv", b"Account\n" + b"a\n" * 2_001, "long.csv has 2,001 rows; here I take 2,000."),
        ("huge.csv", b"Account\n" + b"a" * 1_000_001, "larger than 1 MB"),
    ):
        story.slack.upload("priya", "@linchpin", name, data)
        story.settle()
        story.sees("@priya", told)
    assert names(story) == []


def test_without_the_scope_the_answer_names_it(story: Story):
    assert story.slack.switches.scopes is not None
    story.slack.switches.scopes.discard("files:read")
    story.slack.upload("priya", "@linchpin", "accounts.csv", ACCOUNTS)
    story.settle()
    story.sees("@priya", "I could not read that file (missing_scope)", "`files:read`")


def test_files_in_channels_are_none_of_ours(story: Story):
    story.slack.upload("priya", "#sales", "accounts.csv", ACCOUNTS)
    story.settle()


def test_slack_s_retry_of_a_file_is_answered_once(story: Story):
    story.slack.fail("files.info", "error:internal_error")
    story.slack.upload("priya", "@linchpin", "accounts.csv", ACCOUNTS)
    story.settle()
    story.sees("@priya", "I could not read that file (internal_error)")
