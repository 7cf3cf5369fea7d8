"""Setting up: a DM with what is missing, forms for departments and managers."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.terminal.process.startup import send_greeting
from db.models import Account, Department
from sandbox import SlackMessage
from tests.commands.helpers import lasting, verbs
from tests.story import Story


def greeted(story: Story) -> SlackMessage:
    send_greeting(story.context)
    story.settle()
    return story.sees("@priya", "I am Linchpin")


def test_an_admin_is_greeted_once_with_what_is_missing(story: Story):
    message = greeted(story)
    assert "There are no accounts yet: drop a CSV file" in message.text
    assert "Nobody is in Sales: it has no lead, and nobody chose it as theirs." in message.text
    assert (
        "Sales (`sales`): <#C0SALES>, no lead, 09:00-17:00 mon-fri, Europe/Dublin" in message.text
    )
    send_greeting(story.context)
    story.settle()


def test_what_is_missing_comes_in_the_order_of_harm_each_with_its_button(story: Story):
    story.slack.kick("#sales", "linchpin")
    story.types("priya", "/account add Acme stage advocacy")
    story.types("priya", "/account add Globex manager @tom")
    story.types("tom", "/linchpin settings department sales")
    told = story.types("priya", "/linchpin setup").text.split("\n• ")
    assert told[0].endswith("4 things are missing, the most harmful first:")
    assert [line.split(":")[0] for line in told[1:]] == [
        "I am not in <#C0SALES>, the channel of Sales",
        "1 of 2 accounts has no manager",
        "Renewal date not known for 1 account",
        "Sales has no lead. Its escalations reach nobody",
    ]
    shown = story.private("priya")
    story.clicks("priya", shown, "Show them")
    form = story.slack.modal("priya")
    assert form is not None
    assert "Acme" in str(form.blocks)
    story.slack.dismiss("priya")
    story.clicks("priya", shown, "Choose a lead…")
    story.slack.submit("priya", {"Lead": "tom"})
    story.settle()
    assert "Sales has no lead" not in story.private("priya").text
    status = story.types("priya", "/linchpin status").text
    assert status.startswith("1 thing to look at\n• I am not in <#C0SALES>")
    assert "Not set up, the most harmful first\n• 1 of 2 accounts has no manager" in status
    for_sam = str(story.types("sam", "/linchpin status").blocks)
    assert "1 of 2 accounts has no manager" in for_sam
    assert "Choose managers" not in for_sam


def test_whoever_the_settings_name_is_greeted_before_slack_s_own_admins(story: Story):
    object.__setattr__(story.context, "admins", frozenset({"U0DIEGO"}))
    send_greeting(story.context)
    story.settle()
    story.sees("@diego", "I am Linchpin")


def test_a_department_is_edited_in_a_form_and_its_line_shows_it(story: Story):
    message = greeted(story)
    story.clicks("priya", message, "setup:department", value="operations")
    form = story.slack.modal("priya")
    assert form is not None
    assert form.title == "Operations"
    answer = story.slack.submit(
        "priya",
        {
            "Lead": "aiko",
            "Working hours": "08:00-16:00",
            "Working days": "sun-thu",
            "Time zone": "Asia/Tokyo",
            "Holidays": "JP, 2026-12-24",
        },
    )
    story.settle()
    assert (answer.status, answer.errors) == (200, {})
    assert story.slack.modal("priya") is None
    shown = story.again(message).text
    assert (
        "Operations (`operations`): <#C0OPERATIONS>, lead <@U0AIKO>, 08:00-16:00 sun-thu, "
        "Asia/Tokyo, holidays JP, 2026-12-24"
    ) in shown
    assert verbs(story) == ["department.changed"]


def test_mistakes_stand_at_their_fields_and_nothing_is_saved(story: Story):
    message = greeted(story)
    before = lasting(story)
    story.clicks("priya", message, "setup:department", value="sales")
    errors = story.slack.submit(
        "priya",
        {
            "Working hours": "9 to 5",
            "Working days": "mondey",
            "Time zone": "Dublin",
            "Holidays": "Ireland",
            "Lead": "gus",
            "Channel": "#partners",
        },
    ).errors
    assert errors == {
        "hours": 'Hours "9 to 5" are not understood, write them like "09:00-17:00".',
        "days": 'No weekday "mondey", did you mean "mon"?',
        "timezone": 'No time zone "Dublin", did you mean "Europe/Dublin"?',
        "holidays": 'No holiday country "Ireland", did you mean "IE"?',
        "lead": "Only full members of this workspace can lead a department.",
        "channel": "Account data is never posted where people of another company read. "
        "Pick a channel of your own.",
    }
    assert lasting(story) == before
    assert story.slack.submit("priya", {}).errors  # what was typed still stands there
    story.slack.dismiss("priya")


def test_a_department_s_own_hours_are_those_it_is_nudged_in(story: Story):
    message = greeted(story)
    story.clicks("priya", message, "setup:department", value="operations")
    story.slack.submit("priya", {"Working hours": "13:00-17:00"})
    story.types("priya", "/account add Acme stage onboarding")
    story.until("2026-11-24 12:59")
    story.until("2026-11-24 13:01")
    nudge = story.sees("#operations", "Kick-off call", "Acme")
    assert nudge.ts > str(story.now.timestamp() - 120)


def test_what_the_form_says_as_the_playbook_does_is_not_kept(story: Story):
    message = greeted(story)
    story.clicks("priya", message, "setup:department", value="sales")
    story.slack.submit("priya", {})
    story.settle()
    with story.tx() as tx:
        kept = tx.one(select(Department))
    assert (kept.hours, kept.timezone, kept.days, kept.holidays) == (None, None, None, None)
    assert (kept.channel_id, kept.lead_id) == (None, None)
    assert verbs(story) == []


def test_a_playbook_s_lead_can_be_nobody(story: Story):
    message = greeted(story)
    story.clicks("priya", message, "setup:department", value="operations")
    story.slack.submit("priya", {"Lead": None})
    story.settle()
    assert "Operations (`operations`): <#C0OPERATIONS>, no lead" in story.again(message).text


def test_the_company_has_a_channel_and_a_zone(story: Story):
    message = greeted(story)
    story.clicks("priya", message, "setup:department", value="company")
    story.slack.submit("priya", {"Channel": "#general", "Time zone": "America/New_York"})
    story.settle()
    assert "The company (`company`): <#C0GENERAL>, America/New_York" in story.again(message).text


def test_what_is_mended_is_gone_when_one_looks_again(story: Story):
    story.slack.kick("#sales", "linchpin")
    message = greeted(story)
    assert "I am not in <#C0SALES>, the channel of Sales: `/invite @Linchpin`" in message.text
    story.slack.invite("priya", "#sales", "linchpin")
    story.types("priya", "/account add Acme")
    story.clicks("priya", message, "Look again")
    shown = story.again(message).text
    assert "I am not in" not in shown
    assert "1 of 1 account has no manager" in shown
    assert "Accounts: 1." in shown


def test_an_admin_says_who_manages_accounts(story: Story):
    story.types("priya", "/account add Acme")
    story.types("priya", "/account add Globex manager @tom")
    message = greeted(story)
    story.clicks("priya", message, "setup:managers")
    answer = story.slack.submit("priya", {"stand_in": "Marketing", "manager": "sam"})
    story.settle()
    assert answer.errors == {}
    assert "no manager:" not in story.again(message).text
    assert "Accounts without a manager: Marketing gets" in story.again(message).text
    with story.tx() as tx:
        found = {a.name: a.manager_id for a in tx.all(select(Account))}
    assert found == {"Acme": "U0SAM", "Globex": "U0TOM"}


def test_setup_opens_again_for_admins_and_for_nobody_else(story: Story):
    answer = story.types("priya", "/linchpin setup")
    assert answer.text.startswith("Setting Linchpin up\n")
    story.clicks("priya", story.private("priya"), "setup:department", value="sales")
    story.slack.submit("priya", {"Working hours": "10:00-16:00"})
    story.settle()
    assert "10:00-16:00" in story.private("priya").text
    assert story.types("tom", "/linchpin setup").text == (
        "Only admins of this workspace set Linchpin up. Ask one of them."
    )


def test_an_admin_no_more_changes_nothing_with_a_form_that_stood_open(story: Story):
    message = greeted(story)
    story.clicks("priya", message, "setup:department", value="sales")
    story.slack.change_person("priya", is_admin=False)
    before = lasting(story)
    errors = story.slack.submit("priya", {"Working hours": "10:00-16:00"}).errors
    assert list(errors.values()) == [
        "Only admins of this workspace set Linchpin up. Ask one of them."
    ]
    assert lasting(story) == before
    story.clicks("priya", message, "setup:department", value="sales")
    assert "Only admins" in story.private("priya").text


@pytest.mark.parametrize("times", [2, 3])
def test_a_form_sent_twice_has_one_effect(story: Story, times: int):
    message = greeted(story)
    story.clicks("priya", message, "setup:department", value="sales")
    form = story.slack.modal("priya")
    assert form is not None
    for _ in range(times):
        story.slack.submit("priya", {"Working hours": "10:00-16:00"})
        story.slack.workspace.stacks.setdefault("U0PRIYA", []).append(form.id)
    story.settle()
    assert verbs(story) == ["department.changed"]
