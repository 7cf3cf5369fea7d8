"""What only admins may do, or only whoever said it: all others get one sentence, and nothing
changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import col, select

from db.models import AdvocacyEntry, Departure, Outbox
from sandbox import SlackMessage
from sandbox.people import deeds
from tests.access_control.test_surfaces import pressed
from tests.commands.helpers import lasting
from tests.story import Story

Tried = Callable[[Story, SlackMessage], str]


def typed(line: str) -> Tried:
    return lambda story, nudge: story.types("tom", line).text


def clicked(action_id: str, value: str) -> Tried:
    """A button that admins are shown; what it answers, wherever that goes."""

    def deed(story: Story, nudge: SlackMessage) -> str:
        before = story.rows()["outbox"]
        pressed(action_id, value)(story, "tom", nudge)
        with story.tx() as tx:
            rows = tx.all(select(Outbox).order_by(col(Outbox.id)))
        return str([row.payload for row in rows[before:]])

    return deed


def submitted(callback_id: str, ids: str, **values: Any) -> Tried:
    """A form that admins are shown; the error at its field."""

    def deed(story: Story, nudge: SlackMessage) -> str:
        ws = story.slack.workspace
        state = {"values": {block: {"value": value} for block, value in values.items()}}
        view: dict[str, Any] = {
            "id": "V1",
            "hash": "h",
            "type": "modal",
            "callback_id": callback_id,
        }
        shown = [{"type": "input", "block_id": block} for block in values]
        view |= {"private_metadata": ids, "state": state, "blocks": shown}
        asked = deeds.base(ws, "view_submission", ws.person("tom")) | {"view": view}
        return str(story.slack.endpoint.interaction(asked).body)

    return deed


LEFT = {"type": "users_select", "selected_user": "U0TOM"}
HOURS = {"type": "plain_text_input", "value": "01:00-02:00"}
NAME = {"type": "plain_text_input", "value": "Acme"}
DEEDS: dict[str, Tried] = {
    "set up": typed("/linchpin setup"),
    "a department's lead": typed("/linchpin settings sales lead me"),
    "a department's channel": typed("/linchpin settings sales channel #sales"),
    "the playbook before": typed("/linchpin playbook back"),
    "erase": typed("/account acme erase"),
    "the erase form": submitted("form:erase", '{"account": "1"}', name=NAME),
    "a department's form": clicked("setup:department", "sales"),
    "the managers' form": clicked("setup:managers", "managers"),
    "a department": submitted("form:department", '{"key": "sales", "shown": ""}', hours=HOURS),
    "the managers": submitted("form:managers", '{"key": "managers", "shown": ""}', manager=LEFT),
    "a version": clicked("playbook:use", "0123456789ab"),
    "a version turned down": clicked("playbook:keep", "0123456789ab"),
    "a held message": clicked("stuck:resend", "1"),
    "the form of a leaver": clicked("away:give", "1"),
    "a leaver's accounts": submitted("form:give", '{"departure": "1"}', manager=LEFT),
    "a file": clicked("setup:import", "F1"),
}


@pytest.fixture
def nudge(story: Story) -> SlackMessage:
    story.types("priya", "/account add Acme stage onboarding")
    story.until("2026-11-24 09:01")
    with story.tx() as tx:
        tx.add(Departure(user_id="U0SAM", at=story.now, accounts=[1]))
    return story.sees("#operations", "Kick-off call", "Acme")


def test_only_admins_change_what_is_everybody_s(story: Story, nudge: SlackMessage) -> None:
    before = lasting(story)
    told = {name: deed(story, nudge) for name, deed in DEEDS.items()}
    story.settle()
    assert {name: words for name, words in told.items() if "Only admins of" not in words} == {}
    assert lasting(story) == before


OF_PRIYA = (
    "/log acme complaint the export is slow",
    "/log acme resolved it is quick again",
    "/value acme saved a day worth 500 EUR",
    "/decision acme adopted because it pays",
    "/promise acme SSO by 2027-01-31",
    "/linchpin away @sam from 2026-12-20 to 2027-01-03",
)
TAKEN_BACK: dict[str, Tried] = {
    "an interaction": clicked("interaction:undo", "1"),
    "what was settled": clicked("complaint:undo", "1"),
    "value": clicked("value:undo", "1"),
    "a decision": clicked("decision:undo", "1"),
    "a promise": clicked("promise:undo", "1"),
    "an absence": clicked("away:end", "1"),
    "a favour": typed("/advocacy acme undo 1"),
}


def test_only_whoever_said_it_takes_it_back(story: Story, nudge: SlackMessage) -> None:
    for line in OF_PRIYA:
        story.types("priya", line)
    with story.tx() as tx:
        now = story.now
        favour = AdvocacyEntry(
            account_id=1, act="quote", verb="asked", term=1, on=now.date(), at=now, source="slash"
        )
        favour.by_user = "U0PRIYA"
        tx.add(favour)
    before = lasting(story)
    told = {name: deed(story, nudge) for name, deed in TAKEN_BACK.items()}
    story.settle()
    only = ("Only the person who", "Only whoever")
    assert {name: said for name, said in told.items() if not any(o in said for o in only)} == {}
    assert lasting(story) == before
    for message in story.slack.unexpected():
        story.slack.expect(message.channel, message.text)
