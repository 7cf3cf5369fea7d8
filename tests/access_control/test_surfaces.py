"""Guests, outsiders, deactivated people and bots: on every surface one sentence, nothing shown,
nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from bot.handlers import command_table
from bot.handlers.forms.listeners import FORMS_BY_NAME
from bot.handlers.forms.submissions import SUBMITS
from bot.handlers.home.home import SETTINGS
from bot.handlers.workspace.command import SUBCOMMANDS
from db.models import Member
from sandbox import SlackMessage
from sandbox.people import deeds
from tests.commands.helpers import lasting
from tests.story import Story

TOLD = {
    "gus": "Linchpin answers to full members of this workspace; guests cannot use it.",
    "olga": "Linchpin answers only to people of the company that runs it.",
    "tom": "This account is deactivated, so Linchpin does not answer to it.",
    "zapbot": "Linchpin answers only to people of the company that runs it.",
}
PLACE = "C0OPERATIONS"
COMMANDS = (
    "/stage",
    "/stage acme",
    "/stage acme renewal",
    "/log acme call hello",
    "/account acme",
    "/account acme erase",
    "/account add Globex",
    "/next",
    "/advocacy acme",
    "/advocacy acme asked review",
    "/advocacy who review",
    "/log acme resolved",
    "/account acme sector retail",
    "/value acme",
    "/value acme saved a day worth 500 EUR they said so",
    "/decision acme",
    "/decision acme renewed because it pays",
    "/account acme terms",
    "/promise acme",
    "/promise acme SSO by 2027-01-31",
    "/linchpin help",
    "/linchpin away @tom until 2026-12-06",
    "/linchpin status",
    "/linchpin undo",
    "/linchpin digest",
    "/linchpin settings sales lead me",
    "/linchpin setup",
    "/linchpin playbook",
    "/linchpin plays",
    "/linchpin playbook back",
    "/account acme participation",
    "/linchpin settings thanks off",
    "/linchpin settings digest off",
    "/linchpin away list",
    "/linchpin away cancel",
    "/linchpin away @tom from 2026-12-20 to 2027-01-03",
    "/linchpin back",
    "/promise acme SSO broken because the vendor left",
    "/advocacy acme agreed review",
    "/advocacy acme gave review a talk",
)

Deed = Callable[[Story, str, SlackMessage], Any]


def command(line: str) -> Deed:
    def deed(story: Story, who: str, nudge: SlackMessage) -> str:
        answer = story.types(who, line, "#operations")
        assert len(answer.blocks) == 1
        return answer.text

    return deed


def click(what: str, value: str | None = None) -> Deed:
    return lambda story, who, nudge: story.slack.click(who, nudge, what, value) and None


def pressed(action_id: str, value: str) -> Deed:
    """A button that they were never shown: the request is made by hand."""

    def deed(story: Story, who: str, nudge: SlackMessage) -> None:
        action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
        where = {"container": {"type": "message", "channel_id": PLACE, "message_ts": nudge.ts}}
        asked = {"channel": {"id": PLACE}, "response_url": story.slack.url + "/response/none"}
        _by_hand(story, "block_actions", who, {"actions": [action], **where, **asked})

    return deed


def on_a_view(story: Story, who: str, nudge: SlackMessage) -> None:
    """A button of a form: there is no channel to answer in."""
    action = {"type": "button", "action_id": "setup:again", "block_id": "b", "value": "x"}
    view = {"id": "V1", "type": "modal", "callback_id": "", "blocks": []}
    _by_hand(story, "block_actions", who, {"actions": [action], "view": view})


def submitted(callback_id: str) -> Deed:
    def deed(story: Story, who: str, nudge: SlackMessage) -> Any:
        typed = {"type": "plain_text_input", "value": "01:00-02:00"}
        values = {"hours": {"value": typed}}
        metadata = '{"key": "sales", "steps": ""}'
        view: dict[str, Any] = {
            "id": "V1",
            "hash": "h",
            "type": "modal",
            "callback_id": callback_id,
        }
        view |= {"private_metadata": metadata, "state": {"values": values}, "blocks": []}
        body = _by_hand(story, "view_submission", who, {"view": view})
        assert body["response_action"] == "update"
        return body["view"]["blocks"][0]["text"]["text"]

    return deed


def suggested(story: Story, who: str, nudge: SlackMessage) -> str:
    asked = {"action_id": "account", "block_id": "b", "value": "acme", "container": {}}
    assert _by_hand(story, "block_suggestion", who, asked) == {"options": []}
    return TOLD[who]  # a list has no room for a sentence: it is empty


def _by_hand(story: Story, kind: str, who: str, more: dict[str, Any]) -> Any:
    ws = story.slack.workspace
    return story.slack.endpoint.interaction(deeds.base(ws, kind, ws.person(who)) | more).body


SURFACES: dict[str, Deed] = {
    **{line: command(line) for line in COMMANDS},
    "the button Done": click("touchpoint:done"),
    "the menu": pressed("touchpoint:menu", "snooze:1"),
    "Undo": pressed("interaction:undo", "1"),
    "Ask Marketing": pressed("brief:ask:value", "1"),
    "Reassign all…": pressed("away:give", "1"),
    "I am back": pressed("home:back", "U0TOM"),
    "Accept": pressed("handoff:accept", "1"),
    "Ask a question": pressed("handoff:ask", "1"),
    "Answer": pressed("handoff:answer", "1"),
    "Undo of value": pressed("value:undo", "1"),
    "They said so": pressed("value:confirm", "1"),
    "Undo of a decision": pressed("decision:undo", "1"),
    "Record the decision…": pressed("touchpoint:decide", "1"),
    "Undo of settled": pressed("complaint:undo", "1"),
    "Cancel of an absence": pressed("away:end", "1"),
    "a held message": pressed("stuck:send", "1"),
    "what becomes of a promise": pressed("promise:menu:1", "change:1"),
    "a promise's menu": pressed("promise:menu:1", "kept:1"),
    "Undo of a promise": pressed("promise:undo", "1"),
    "a button with a command": pressed("command:choose:0", "/stage acme renewal"),
    "the step of a department": pressed("setup:department", "sales"),
    "the step of managers": pressed("setup:managers", "managers"),
    "Look again": pressed("setup:again", "again"),
    "Import": pressed("setup:import", "F1"),
    "Cancel": pressed("setup:leave", "F1"),
    "Use it": pressed("playbook:use", "0123456789ab"),
    "Keep the old one": pressed("playbook:keep", "0123456789ab"),
    "a button of a view": on_a_view,
    "a reaction": lambda story, who, nudge: story.slack.react(who, nudge, "eyes") and None,
    "a department's form": submitted("setup:department"),
    "the managers' form": submitted("setup:managers"),
    "a typeahead": suggested,
    "a shortcut": lambda story, who, nudge: story.slack.shortcut(who, "log") and None,
    "a message shortcut": lambda story, who, nudge: (
        story.slack.shortcut(who, "log_message", nudge) and None
    ),
    "Home": lambda story, who, nudge: story.slack.open_home(who) and None,
    "a DM": lambda story, who, nudge: story.slack.say(who, "@linchpin", "next for acme?") and None,
    "a mention": lambda story, who, nudge: (
        story.slack.say(who, "#operations", "@linchpin who owns acme?") and None
    ),
    "a file": lambda story, who, nudge: (
        story.slack.upload(who, "@linchpin", "accounts.csv", b"Account\nGlobex\n") and None
    ),
}
# Every setting of the Home, every button that opens a form, every form: a new one is among them.
FORMS = {f"the form {name}": submitted(f"form:{name}") for name in SUBMITS}
SURFACES |= FORMS
SURFACES |= {f"the setting {name}": pressed(name, "off") for name in SETTINGS}
SURFACES |= {f"the button of {name}": pressed(f"form:{name}", "1") for name in FORMS_BY_NAME}
# What is said to a bot, it may answer: only what its own request gets back is told.
ANSWERED = {*COMMANDS, *FORMS, "a department's form", "the managers' form", "a typeahead"}


def shown(story: Story, who: str) -> list[str]:
    """Everything Linchpin said to a person since, wherever it stands."""
    home = story.slack.home(who)
    return [
        *(one.text for one in story.slack.ephemerals(who)),
        *(one.text for one in story.slack.dms(who) if one.user == "U0LINCHPIN"),
        *(block["text"]["text"] for block in (home.blocks[:1] if home else []) if "text" in block),
    ]


@pytest.fixture
def nudge(story: Story) -> SlackMessage:
    """A nudge of Acme in #operations, which a partner's people read from now on."""
    story.slack.switches.subscriptions |= {"app_home_opened", "app_mention", "message.im"}
    story.types("priya", "/account add Acme stage onboarding")
    story.until("2026-11-24 09:01")
    found = story.sees("#operations", "Kick-off call", "Acme")
    story.slack.share("#operations")
    with story.tx() as tx:
        tx.execute(
            update(Member)
            .where(col(Member.user_id) == "U0TOM")
            .values(is_deleted=True, fetched_at=story.now)
        )
    return found


def test_every_command_is_among_them() -> None:
    typed = {line.split()[0] for line in COMMANDS}
    assert typed == set(command_table.COMMANDS)
    linchpin = {line.split()[1] for line in COMMANDS if line.startswith("/linchpin ")}
    assert linchpin >= set(SUBCOMMANDS)


@pytest.mark.parametrize("who", list(TOLD))
def test_every_surface_refuses_them_in_one_sentence(
    story: Story, nudge: SlackMessage, who: str
) -> None:
    before, face = lasting(story), story.again(nudge).text
    for surface, deed in SURFACES.items():
        earlier = shown(story, who) if surface not in COMMANDS else []
        answered = deed(story, who, nudge)
        story.settle()
        if surface in ANSWERED:
            assert answered == TOLD[who], surface
            continue
        expected = [] if who == "zapbot" else [TOLD[who]]
        told = shown(story, who)[len(earlier) :]
        assert told == expected, surface
    assert lasting(story) == before
    assert story.again(nudge).text == face
    assert "Acme" not in "".join(shown(story, who))
    for message in story.slack.unexpected():
        story.slack.expect(f"@{who}", message.text)


def test_a_reaction_to_what_is_not_ours_or_means_nothing_is_left_alone(
    story: Story, nudge: SlackMessage
) -> None:
    chat = story.slack.say("diego", "#operations", "lunch?")
    story.slack.react("gus", chat, "eyes")
    story.slack.react("gus", nudge, "pizza")
    story.settle()
    assert shown(story, "gus") == []


def test_a_channel_that_becomes_shared_gets_no_account_data_from_then_on(story: Story) -> None:
    for key, name in (("sales", "Sales"), ("company", "The company")):
        channel = "#sales" if key == "sales" else "#customers"
        story.slack.share(channel)
        assert f"People outside read <#C0{channel[1:].upper()}>" in (
            story.types("priya", "/linchpin status").text
        ), name
    story.types("priya", "/account add Acme stage prospect")
    story.types("priya", "/stage acme onboarding")
    story.types("priya", "/log acme call they like it")
    story.until("2026-11-30 12:00")
    for channel in ("#sales", "#customers"):
        assert story.slack.messages(channel) == []
    assert all("Acme" not in one.text for one in story.slack.ephemerals("olga"))
    for message in story.slack.unexpected():
        story.slack.expect(message.channel, message.text)


def test_who_became_a_guest_is_refused_from_then_on(story: Story) -> None:
    story.types("tom", "/account add Acme")
    story.slack.change_person("tom", is_restricted=True)
    assert "guests cannot use it" in story.types("tom", "/stage acme").text
    story.slack.change_person("tom", is_restricted=False)
    assert story.types("tom", "/stage acme").text.startswith("Acme\nProspect")


def test_who_is_new_may_speak_at_once(story: Story) -> None:
    story.slack.add_person("nora", "Nora New")
    assert story.types("nora", "/account add Acme manager me").text.startswith("Acme is added")


def test_an_answer_is_for_the_asker_alone_also_where_outsiders_read(story: Story) -> None:
    story.types("priya", "/account add Acme")
    assert story.types("priya", "/stage acme", "#partners").text.startswith("Acme\nProspect")
    assert story.slack.messages("#partners") == []
    assert story.slack.ephemerals("olga") == []
