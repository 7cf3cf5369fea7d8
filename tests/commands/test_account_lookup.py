"""Accounts are found as people type them, and never by a guess when two are close."""

from __future__ import annotations

import pytest

from bot.handlers.base.parsing import unlink
from tests.commands.helpers import account, buttons, lasting, logged
from tests.story import Story


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Müller & Söhne", '"Müller & Söhne"'),
        ("Müller & Söhne", "müller"),
        ("Müller & Söhne", "“Müller & Söhne”"),
        ("Müller & Söhne", "müller-söhne"),
        ("Müller & Söhne", "Muller and Sohne"),
        ("株式会社サクラ", "株式会社サクラ"),
        ("Ромашка ООО", "ромашка"),
        ("Project Onboarding", "project onboarding"),
        ("Because Ltd", "because ltd"),
        ("Ollivander's Wands", "ollivander's wands"),
        ('Just "Quoted" Ltd', 'just "quoted" ltd'),
        ("<!channel> *Co* `x`", "<!channel> *co* `x`"),
        ("Renewal", "renewal"),
    ],
)
def test_a_name_is_found_and_moved(story: Story, name: str, typed: str):
    story.types("priya", f"/account add {name}")
    assert account(story, name) is not None
    answer = story.types("priya", f"/stage {typed} onboarding")
    assert "Prospect → Onboarding" in answer.text
    told = story.sees("#customers", "moved from Prospect")
    assert "<!channel>" not in told.text + str(told.blocks)


def test_an_alias_and_an_old_name_find_the_account(story: Story):
    story.types("priya", "/account add Acme Corporation")
    story.types("priya", "/account acme alias Road Runner Supplies")
    story.types("priya", "/account acme rename Zenith")
    for typed in ("road runner supplies", "acme corporation", "zenith"):
        assert story.types("priya", f"/stage {typed}").text.startswith("Zenith\nProspect")


def test_an_account_is_found_misspelled_as_soon_as_it_is_added(story: Story):
    assert "No account matches" in story.types("priya", "/stage zebra crosing").text
    story.types("priya", "/account add Zebra Crossing")
    assert story.types("priya", "/stage zebra crosing").text.startswith("Zebra Crossing\nProspect")


def test_two_close_names_are_asked_about_and_a_click_does_it_all(story: Story):
    story.types("priya", "/account add Globex West stage renewal")
    story.types("priya", "/account add Globex East stage renewal")
    before = lasting(story)
    asked = story.types("priya", "/stage globex prospect because they “asked” & left")
    assert asked.text.startswith('Which account is "globex"?')
    assert buttons(asked) == ["Globex East", "Globex West"]
    assert lasting(story) == before
    story.clicks("priya", asked.message, "Globex West")
    shown = story.private("priya")
    assert asked.message is not None
    assert shown.ts == asked.message.ts  # the answer takes the question's place
    assert "Globex West: Renewal → Prospect, because they “asked” &amp; left" in shown.text
    story.sees("#customers", "Globex West")
    for name in ("Globex West", "Globex East"):
        story.sees("#marketing", "Story of the year", name)


def test_a_question_is_asked_for_every_command(story: Story):
    story.types("priya", "/account add Globex West")
    story.types("priya", "/account add Globex East")
    for line, after in (
        ("/log globex call they “like” it yesterday", "Logged for Globex East: call, Sun 22 Nov"),
        ("/account globex renews 2027-03-31", "Globex East renews on Wed 31 Mar 2027"),
        ("/account globex", "Globex East\nProspect"),
        ("/next globex", "Later: 1 due within 7 days"),
        ("/stage globex", "Globex East\nProspect"),
    ):
        asked = story.types("priya", line)
        assert buttons(asked) == ["Globex East", "Globex West"], line
        story.clicks("priya", asked.message, "Globex East")
        shown = story.private("priya")
        assert shown.text.startswith(after), shown.text


def test_a_command_too_long_for_a_button_asks_for_the_whole_name(story: Story):
    story.types("priya", "/account add Globex West")
    story.types("priya", "/account add Globex East")
    asked = story.types("priya", "/log globex call " + "x" * 2500)
    assert "whole name in quotes" in asked.text
    assert buttons(asked) == []


def test_quotes_settle_which_name_is_meant(story: Story):
    story.types("priya", "/account add Acme")
    story.types("priya", "/account add Acme Renewal")
    assert story.types("priya", "/stage acme renewal").text.startswith("Acme Renewal\nProspect")
    assert "Acme: Prospect → Renewal" in story.types("priya", '/stage "acme" renewal').text
    story.sees("#customers", "Acme")
    story.sees("#marketing", "Story of the year")


def test_a_button_s_id_reaches_no_account_that_is_not_there(story: Story):
    story.types("priya", "/account add Acme")
    assert "no longer there" in story.types("priya", "/stage id:99 onboarding").text
    assert story.types("priya", "/stage id:1").text.startswith("Acme\nProspect")


def test_an_account_of_another_workspace_cannot_be_reached_by_its_id(story: Story):
    story.types("priya", "/account add Acme")
    with story.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO workspace (id, name, bot_user_id, created_at) "
            "VALUES ('T9', 'Other', 'U9', '2026-01-01')"
        )
        connection.exec_driver_sql("UPDATE touchpoint SET workspace_id = 'T9'")
        connection.exec_driver_sql("UPDATE stage_change SET workspace_id = 'T9'")
        connection.exec_driver_sql("UPDATE account SET workspace_id = 'T9'")
    for line in ("/stage id:1", "/stage acme", "/log id:1 call x", "/account id:1 archive"):
        assert "Acme" not in story.types("priya", line).text.replace("/account add", "")


def test_a_name_in_a_line_to_type_stands_in_quotes_only_when_it_needs_them(story: Story):
    story.types("priya", "/account add Acme stage renewal")
    story.types("priya", "/account add Müller & Söhne stage renewal")
    assert "`/stage Acme lost because …`" in story.types("priya", "/stage acme lost").text
    assert '`/stage "Müller &amp; Söhne" lost because …`' in (
        story.types("priya", "/stage müller lost").text
    )
    story.sees("#marketing", "Acme")
    story.sees("#marketing", "Müller")


def test_a_name_that_slack_makes_a_link_is_that_name_everywhere(story: Story):
    story.types("priya", "/account add monday.example stage onboarding")
    assert account(story, "monday.example").stage == "onboarding"
    story.types(
        "priya", "/log monday.example call see https://x.ie/a, asks jo@x.ie or monday.example"
    )
    (entry,) = logged(story)
    assert entry.text == "see https://x.ie/a, asks jo@x.ie or monday.example"
    story.slack.say("priya", "@linchpin", "where does monday.example stand?")
    story.settle()
    story.sees("@priya", "monday.example", "Onboarding")


def test_a_link_with_other_words_stays_its_address():
    assert unlink("<https://x.ie/a|the plan> <tel:+353123|+353 123> <mailto:a@b.ie>") == (
        "https://x.ie/a +353 123 a@b.ie"
    )
