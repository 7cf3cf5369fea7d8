"""`/linchpin`: help, status, digest, settings."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from bot.handlers.command_table import COMMANDS
from bot.nudges.duties.daily import sync_workspace
from db.models import Channel, Department, Member, Outbox
from tests.commands.helpers import lasting, verbs
from tests.story import Story


def test_help_is_ten_lines_with_a_button_each(story: Story):
    for line in ("/linchpin", "/linchpin help", "/linchpin HELP", "/linchpin ?"):
        rows, pages, _ = story.types("priya", line).blocks
        assert len(rows["text"]["text"].splitlines()) == len(pages["elements"]) == 10
        assert all(f"`{command}" in rows["text"]["text"] for command in COMMANDS)


def test_a_button_of_help_shows_its_subject_and_the_way_back(story: Story):
    answer = story.types("priya", "/linchpin help")
    story.clicks("priya", answer.message, "Log")
    page = story.private("priya")
    assert page.text.startswith("Log: record an interaction\n`/log acme call")
    assert "/stage" not in page.text
    story.clicks("priya", page, "All subjects")
    assert "`/stage acme renewal` move an account" in story.private("priya").text


@pytest.mark.parametrize("command", [c for c in COMMANDS if c != "/linchpin"])
def test_each_command_has_its_own_help(story: Story, command: str):
    subject = command.removeprefix("/")
    page = story.types("priya", f"{command} help").text
    assert page.casefold().startswith(f"{subject}: ")
    for words in (subject, subject.upper(), command):
        assert story.types("priya", f"/linchpin help {words}").text == page


def test_an_unknown_command_offers_the_nearest(story: Story):
    answer = story.types("priya", "/linchpin stauts")
    assert answer.text == 'Unknown command "stauts". Did you mean status? Nothing was changed.'
    story.clicks("priya", answer.message, "Status")
    assert story.private("priya").text.startswith("Messages go out.")
    story.types("priya", "/account add Acme Two")
    answer = story.types("priya", '/account "acme two" manger @priya')
    story.clicks("priya", answer.message, "Manager")
    assert "<@U0PRIYA>" in story.private("priya").text


def test_status_is_one_sentence_when_all_is_well(story: Story):
    assert story.types("priya", "/linchpin status").text.startswith("Messages go out.\n")


def test_status_tells_of_a_channel_that_cannot_be_written_to(story: Story):
    story.types("priya", "/account add Acme")
    story.slack.kick("#customers", "linchpin")
    story.types("priya", "/stage acme onboarding")
    story.sees("@priya", "<#C0CUSTOMERS>")
    told = story.types("priya", "/linchpin status").text
    assert told.splitlines()[1] == (
        "• 1 message waits for <#C0CUSTOMERS>: I am not in the channel: `/invite @Linchpin` there."
    )
    story.slack.invite("priya", "#customers", "linchpin")
    story.settle()
    story.sees("#customers", "Acme")
    assert "Messages go out" in story.types("priya", "/linchpin status").text


def test_status_tells_of_a_department_without_a_channel(story: Story):
    story.slack.kick("#sales", "linchpin")
    told = story.types("priya", "/linchpin status").text
    assert "• I am not in <#C0SALES>, the channel of Sales: `/invite @Linchpin` there." in told


def test_status_names_a_channel_that_is_not_there_and_each_missing_scope(story: Story):
    with story.tx() as tx:
        tx.delete(Channel, col(Channel.name) == "sales")
    told = story.types("priya", "/linchpin status").text
    assert "• Sales has no channel: I see none called #sales. Make it and invite me there" in told
    assert story.slack.switches.scopes is not None
    story.slack.switches.scopes -= {"reactions:read", "files:read"}
    sync_workspace(story.engine, story.context.slack, story.playbook, story.now)
    told = story.types("priya", "/linchpin status").text
    assert told.startswith("2 things to look at")
    assert "I may not use the scope `reactions:read` (reactions on nudges are answers)" in told


def test_status_tells_of_messages_that_could_not_be_sent(story: Story):
    story.types("priya", "/account add Acme")
    story.types("priya", "/stage acme onboarding")
    story.sees("#customers", "Acme")
    with story.tx() as tx:
        tx.execute(update(Outbox).where(col(Outbox.kind) == "move").values(state="dead"))
    assert "1 message could not be sent at all" in story.types("priya", "/linchpin status").text


def test_a_digest_can_be_asked_for_and_only_the_asker_sees_it(story: Story):
    story.types("priya", "/account add Acme manager @priya")
    for line in ("digest", "digest company", "digest mine", "digest sales", "digest Operations"):
        answer = story.types("priya", f"/linchpin {line}")
        assert answer.text
        assert answer.error == ""


def test_a_person_turns_their_digest_off_and_on(story: Story):
    for line, off in (
        ("settings digest off", True),
        ("settings digest on", False),
        ("digest off", True),
    ):
        story.types("tom", f"/linchpin {line}")
        with story.tx() as tx:
            assert tx.one(select(Member).where(Member.user_id == "U0TOM")).digest_off is off
    assert "Your digest is off" in story.types("tom", "/linchpin settings").text
    assert "Your digest is on" in story.types("priya", "/linchpin settings").text
    assert verbs(story) == ["person.digest"] * 3


def test_an_admin_changes_a_department_and_nobody_else_does(story: Story):
    before = lasting(story)
    for line in ("operations channel #random", "operations lead @tom", "company channel #random"):
        assert "Only admins" in story.types("tom", f"/linchpin settings {line}").text
    assert lasting(story) == before
    told = story.types("priya", "/linchpin settings operations channel #random").text
    assert told == (
        "Operations is nudged in <#C0RANDOM> from now on. "
        "I am not in it yet: `/invite @Linchpin` there."
    )
    assert story.types("priya", "/linchpin settings operations lead @tom").text == (
        "<@U0TOM> leads Operations from now on."
    )
    shown = story.types("tom", "/linchpin settings").text
    assert "Operations (`operations`): <#C0RANDOM>, lead <@U0TOM>, 09:00-17:00" in shown


def test_the_company_s_channel_is_where_moves_are_told(story: Story):
    story.types("priya", "/linchpin settings company channel #sales")
    story.types("priya", "/account add Acme")
    story.types("priya", "/stage acme onboarding")
    story.sees("#sales", "Acme moved")


@pytest.mark.parametrize("key", ["operations", "company"])
def test_no_department_is_put_where_outsiders_read(story: Story, key: str):
    answer = story.types("priya", f"/linchpin settings {key} channel #partners").text
    assert "shared with people outside" in answer
    with story.tx() as tx:
        assert tx.count(Department) == 0
