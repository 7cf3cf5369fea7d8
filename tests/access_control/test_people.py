"""Who may speak, who is asking, where a refusal is said: without a Slack around it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import Ack, BoltContext
from sqlmodel import col, select

from bot.actions.actor import CLOCK, Actor
from bot.actions.admins import notify_admins
from bot.actions.touchpoints.routing import can_answer
from bot.actions.views.home import publish_home
from bot.actions.work import Work
from bot.actions.workspace import setup
from bot.app import _acting_user, _check_access, _is_relevant, _on_error
from bot.context import Context
from bot.handlers.base.request import Request
from bot.messages.kit.blocks import section
from bot.refusals import refuse_request
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import parse
from bot.rules.slack_facts import PersonFacts, WorkspaceFacts
from bot.slack import CouldNotRead
from bot.speakers import AccessRefused, require_member
from db.core import workspaces
from db.core.tx import begin, read
from db.home.home import HomeBuild
from db.members import members
from db.models import Channel, Member, Outbox
from db.outbox import adopt_post
from db.touchpoints import message_marks
from tests.databases import hasty, sqlite_file
from tests.story import PLAYBOOK

TEAM, NOW = "T1", datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SENTENCE = "Linchpin answers to full members of this workspace; guests cannot use it."
TOM = PersonFacts("U1", TEAM, "Tom", handle="tom")
PLAYBOOK_OF_STORIES = parse(PLAYBOOK, "story.yaml")


@dataclass
class Directory:
    """Slack as far as it knows people; it counts who asks."""

    known: dict[str, PersonFacts] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    away: bool = False

    def workspace_id(self) -> str:
        return TEAM

    def person(self, user_id: str) -> PersonFacts | None:
        self.asked.append(user_id)
        if self.away:
            raise CouldNotRead("users.info", "HTTP 500")
        return self.known.get(user_id)


@dataclass
class Place:
    """A workspace, its database, and how often its delivery was woken."""

    context: Context
    slack: Directory
    woken: list[str]

    def meets(self, *everyone: PersonFacts, now: datetime = NOW) -> None:
        with begin(self.context.engine, TEAM) as tx:
            members.save_all(tx, everyone, now)

    def says(self) -> list[tuple[str, str, str, Any]]:
        """(key, method, lane, payload) of what waits to be sent."""
        with read(self.context.engine, TEAM) as tx:
            rows = tx.all(select(Outbox).order_by(col(Outbox.id)))
            return [(r.dedupe_key, r.method, r.lane, r.payload) for r in rows if r.state != "sent"]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    engine, slack, woken = hasty(sqlite_file(tmp_path)), Directory(), list[str]()
    workspaces.save_installation(engine, WorkspaceFacts(TEAM, "Harbour", "UBOT"), NOW)
    slack_of_a_test: Any = slack
    context = Context(
        engine, PLAYBOOK_OF_STORIES, slack_of_a_test, lambda: NOW, lambda: woken.append("woken")
    )
    yield Place(context, slack, woken)
    engine.dispose()


# -- who may speak


def test_a_full_member_may_speak_and_is_looked_up_once_a_day(place: Place) -> None:
    place.slack.known["U1"] = TOM
    found = require_member(place.context, "U1", NOW)
    assert (found.user_id, found.workspace_id, found.fetched_at) == ("U1", TEAM, NOW)
    require_member(place.context, "U1", NOW + timedelta(hours=23, minutes=59))
    assert place.slack.asked == ["U1"]
    place.slack.known["U1"] = replace(TOM, is_guest=True)
    with pytest.raises(AccessRefused):
        require_member(place.context, "U1", NOW + timedelta(days=1))
    assert place.slack.asked == ["U1", "U1"]


@pytest.mark.parametrize(
    ("facts", "sentence", "is_bot"),
    [
        (replace(TOM, is_guest=True), SENTENCE, False),
        (
            replace(TOM, is_deleted=True),
            "This account is deactivated, so Linchpin does not answer to it.",
            False,
        ),
        (
            replace(TOM, team_id="T2"),
            "Linchpin answers only to people of the company that runs it.",
            False,
        ),
        (
            replace(TOM, is_bot=True),
            "Linchpin answers only to people of the company that runs it.",
            True,
        ),
    ],
    ids=["guest", "deactivated", "other team", "bot"],
)
def test_all_others_hear_why_not(
    place: Place, facts: PersonFacts, sentence: str, is_bot: bool
) -> None:
    place.slack.known["U1"] = facts
    with pytest.raises(AccessRefused) as refused:
        require_member(place.context, "U1", NOW)
    assert (refused.value.sentence, refused.value.is_bot) == (sentence, is_bot)
    assert str(refused.value) == sentence


def test_while_slack_does_not_answer_what_was_known_holds(place: Place) -> None:
    place.slack.away = True
    with pytest.raises(
        AccessRefused, match=r"I could not find out who you are just now\. Try again in"
    ):
        require_member(place.context, "U1", NOW)
    place.meets(TOM, replace(TOM, user_id="U2", is_guest=True), now=NOW - timedelta(days=3))
    assert require_member(place.context, "U1", NOW).name == "Tom"
    with pytest.raises(AccessRefused, match="guests"):
        require_member(place.context, "U2", NOW)


def test_somebody_of_whom_slack_knows_nothing_may_not_speak(place: Place) -> None:
    place.meets(TOM, now=NOW - timedelta(days=3))
    with pytest.raises(AccessRefused, match="I could not find out who you are"):
        require_member(place.context, "U1", NOW)


@pytest.mark.parametrize(
    ("user", "of_slack", "is_admin"),
    [("U1", True, True), ("U1", False, False), ("UNAMED", False, True)],
)
def test_admins_are_slack_s_own_and_whoever_the_settings_name(
    place: Place, user: str, of_slack: bool, is_admin: bool
) -> None:
    context = replace(place.context, admins=frozenset({"UNAMED"}))
    person = Member(user_id=user, team_id=TEAM, name="", fetched_at=NOW, is_admin=of_slack)
    assert context.is_admin(person) is is_admin


@pytest.mark.parametrize(
    ("facts", "may"),
    [
        ({}, True),
        ({"is_admin": True}, True),
        ({"is_guest": True}, False),
        ({"is_bot": True}, False),
        ({"is_deleted": True}, False),
        ({"team_id": "T2"}, False),
    ],
)
def test_only_a_full_member_is_put_in_charge_or_told_what_to_do(
    place: Place, facts: dict[str, Any], may: bool
) -> None:
    place.meets(replace(TOM, **facts))
    with begin(place.context.engine, TEAM) as tx:
        assert can_answer(tx, "U1") is may
        assert can_answer(tx, "U9")  # whom we never met is given the chance
        tom = members.by_user_id(tx, "U1")
        assert tom is not None
        work = Work(tx, place.context.playbook_file, NOW, Actor("U1", "slash"))
        request = Request(work, place.context, tom, channel="C1")
        if may:
            assert request.person("<@U1>", "x") is tom
        else:
            with pytest.raises(UserError, match="is not a full member of this workspace"):
                request.person("<@U1>", "x")


def test_a_form_puts_no_outsider_in_charge_and_no_channel_that_outsiders_read(place: Place) -> None:
    place.meets(replace(TOM, is_guest=True))
    by = Actor("UA", "form")
    week = {"timezone": "Europe/Dublin", "hours": "09:00-17:00", "days": "mon-fri"}
    with begin(place.context.engine, TEAM) as tx:
        shared = Channel(channel_id="C9", name="partners", fetched_at=NOW, is_shared_outside=True)
        tx.add(shared)
        with pytest.raises(setup.FieldErrors) as wrong:
            setup.choose_managers(Work(tx, PLAYBOOK_OF_STORIES, NOW, by), "sales", "U1")
        assert list(wrong.value.errors) == ["manager"]
        words = setup.DepartmentInput("C9", "U1", **week)
        with pytest.raises(setup.FieldErrors) as wrong:
            setup.change_department(Work(tx, PLAYBOOK_OF_STORIES, NOW, by), "sales", words)
        assert list(wrong.value.errors) == ["channel", "lead"]
        known = workspaces.current(tx)
        assert known is not None
        assert known.without_manager is None


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({"is_guest": True}, "guests cannot use it"),
        ({"team_id": "T2"}, "only to people of the company"),
        ({"is_bot": True}, None),
        ({"is_deleted": True}, None),
    ],
)
def test_the_home_of_others_is_one_sentence_or_none(
    place: Place, facts: dict[str, Any], shown: str | None
) -> None:
    place.meets(replace(TOM, **facts))
    with begin(place.context.engine, TEAM) as tx:
        publish_home(Work(tx, PLAYBOOK_OF_STORIES, NOW, CLOCK), HomeBuild("U1", 1, None))
    homes = [payload["view"]["blocks"] for _, _, _, payload in place.says()]
    assert len(homes) == (1 if shown else 0)
    assert all(len(blocks) == 1 and str(shown) in str(blocks) for blocks in homes)


# -- where a refusal is said

HOME = {"type": "home", "blocks": []}
NUDGE = {"channel": "C1", "ts": "1.1"}


def refused(place: Place, body: dict[str, Any], *, is_bot: bool = False) -> Any:
    """What a request gets back."""
    answer = refuse_request(
        place.context, body, "U1", AccessRefused(SENTENCE, is_bot=is_bot), Ack()
    )
    assert answer.status == 200
    return json.loads(answer.body) if answer.body.startswith("{") else answer.body


def event(kind: str, **more: Any) -> dict[str, Any]:
    more = {"type": kind, "user": "U1"} | more
    return {"type": "event_callback", "event_id": "Ev1", "event": more}


def click(**more: Any) -> dict[str, Any]:
    return {"type": "block_actions", "trigger_id": "t1", "user": {"id": "U1"}, **more}


BLOCKS = [section(SENTENCE).to_dict()]
POSTED = {"text": SENTENCE, "blocks": BLOCKS}
AT_HOME = (
    "views.publish",
    "home/U1",
    {"user_id": "U1", "view": {"type": "home", "blocks": BLOCKS}},
)
BY_MESSAGE = ("chat.postMessage", "U1", POSTED)


def privately(channel: str) -> tuple[str, str, Any]:
    there = {**POSTED, "channel": channel, "user": "U1"}
    return "chat.postEphemeral", f"{channel}/U1", there


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (click(channel={"id": "C1"}), privately("C1")),
        (click(channel={"id": "C1"}, view={"type": "modal"}), privately("C1")),
        (click(view=HOME), AT_HOME),
        (click(view={"type": "modal"}), BY_MESSAGE),
        ({"type": "shortcut", "trigger_id": "t1"}, BY_MESSAGE),
        (event("app_home_opened", tab="home", channel="D1"), AT_HOME),
        (event("app_home_opened", tab="messages", channel="D1"), None),
        (event("reaction_added", reaction="eyes", item=NUDGE), privately("C1")),
        (event("reaction_removed", reaction="eyes", item=NUDGE), privately("C1")),
        (event("reaction_added", reaction="pizza", item=NUDGE), None),
        (event("reaction_added", reaction="eyes", item={**NUDGE, "ts": "2.2"}), None),
        (event("reaction_removed", reaction="eyes", item={**NUDGE, "channel": "C2"}), None),
        (event("reaction_added", reaction="eyes", item={"type": "file"}), None),
        (event("app_mention", channel="C1"), privately("C1")),
        (event("message", channel="D1", channel_type="im"), privately("D1")),
        (event("message", channel="D1", channel_type="im", files=[{}]), None),
        (event("message", channel="C1", channel_type="channel"), None),
        (event("file_shared", channel_id="D1"), privately("D1")),
        (event("file_shared", channel_id="C1"), None),
        (event("file_shared"), None),
    ],
)
def test_a_refusal_is_said_where_they_are_and_once(
    place: Place, body: dict[str, Any], said: tuple[str, str, Any] | None
) -> None:
    with begin(place.context.engine, TEAM) as tx:
        adopt_post(tx, kind="nudge", lane="C1", channel="C1", ts="1.1", now=NOW)
    for _ in range(2):  # Slack sends some twice
        assert refused(place, body) == ""
    assert place.woken == ["woken", "woken"]
    assert [row[1:] for row in place.says()] == ([said] if said else [])
    if said:
        assert place.says()[0][0].endswith("refused:" + (body.get("event_id") or "t1"))


def test_bots_are_not_answered_and_a_form_that_was_closed_is_no_request(place: Place) -> None:
    assert refused(place, event("app_mention", channel="C1"), is_bot=True) == ""
    assert refused(place, click(channel={"id": "C1"}), is_bot=True) == ""
    assert refused(place, {"type": "view_closed", "trigger_id": "t1", "view": {}}) == ""
    assert place.says() == []
    assert place.woken == []


def test_what_has_an_answer_is_refused_in_it(place: Place) -> None:
    command = {"command": "/stage", "text": "acme", "trigger_id": "t1"}
    assert refused(place, command) == {**POSTED, "response_type": "ephemeral"}
    assert refused(place, {"type": "block_suggestion", "value": "acme"}) == {"options": []}
    for title, shown in (({"type": "plain_text", "text": "Log it"}, "Log it"), (None, "Linchpin")):
        form = {"type": "view_submission", "view": {"title": title}}
        assert refused(place, form) == {
            "response_action": "update",
            "view": {
                "type": "modal",
                "title": {"type": "plain_text", "text": shown},
                "close": {"type": "plain_text", "text": "Close"},
                "blocks": BLOCKS,
            },
        }
    assert place.says() == []


# -- who is asking


@pytest.mark.parametrize(
    ("body", "who"),
    [
        ({"command": "/stage", "user_id": "U1"}, "U1"),
        ({"type": "block_actions", "user": {"id": "U1"}}, "U1"),
        ({"type": "nobody"}, None),
        (event("reaction_added"), "U1"),
        (event("reaction_removed"), "U1"),
        (event("app_home_opened"), "U1"),
        (event("app_mention"), "U1"),
        (event("message"), "U1"),
        (event("message", subtype="file_share"), "U1"),
        (event("message", subtype="message_changed"), None),
        (event("message", bot_id="B1"), None),
        (event("app_mention", bot_id="B1"), None),
        (event("app_mention", edited={}), None),
        (event("message", user=None), None),
        (event("file_shared", user=None, user_id="U1"), "U1"),
        (event("member_joined_channel"), None),
        (event("team_join"), None),
        ({"type": "event_callback", "user_id": "U1"}, None),
    ],
)
def test_who_is_asking(body: dict[str, Any], who: str | None) -> None:
    assert _acting_user(body) == who


def test_only_who_may_speak_gets_to_the_handlers(place: Place) -> None:
    went_on: list[str] = []
    place.slack.known |= {"U1": TOM, "U2": replace(TOM, user_id="U2", is_guest=True)}
    for user in ("U1", "U2", ""):
        body = {"command": "/stage"} | ({"user_id": user} if user else {})
        context = BoltContext()
        answer = _check_access(place.context)(
            body=body, context=context, next=lambda: went_on.append("on"), ack=Ack()
        )
        known: Member | None = context.get("speaker")
        if user == "U2":
            assert json.loads(answer.body)["text"] == SENTENCE
        else:
            assert answer is None
        assert (known.user_id if known else "") == ("U1" if user == "U1" else "")
    assert went_on == ["on", "on"]
    spoken: Any = event("message", user="U2", channel="D2", channel_type="im")
    _check_access(place.context)(body=spoken, context=BoltContext(), next=went_on.clear, ack=Ack())
    assert went_on == ["on", "on"]
    assert [row[1:3] for row in place.says()] == [("chat.postEphemeral", "D2/U2")]


# -- when something breaks


@pytest.mark.parametrize(
    ("body", "status", "answered"),
    [
        ({"type": "event_callback"}, 500, ""),
        ({"type": "block_suggestion"}, 200, {"options": []}),
        ({"type": "view_submission", "view": {"blocks": [{"type": "section"}]}}, 200, ""),
    ],
)
def test_a_request_that_breaks_is_never_taken_for_done(
    body: dict[str, Any], status: int, answered: Any, caplog: pytest.LogCaptureFixture
) -> None:
    broken: Any = None
    answer = _on_error(ValueError("acme, their secret"), body, broken)
    got = json.loads(answer.body) if answer.body else ""
    assert (answer.status, got) == (status, answered)
    assert caplog.messages == ["a request failed: ValueError"]
    assert caplog.records[0].exc_info


def test_a_command_or_a_form_that_breaks_says_so(caplog: pytest.LogCaptureFixture) -> None:
    unused: Any = None
    broken = ValueError("x")
    answer = _on_error(broken, {"command": "/stage"}, unused)
    told = json.loads(answer.body)
    assert answer.status == 200
    assert told["text"].startswith("Something went wrong on my side, and nothing was changed.")
    assert told["response_type"] == "ephemeral"
    assert told["blocks"][0]["text"]["text"] == told["text"]
    inputs = [{"type": "section"}, *({"type": "input", "block_id": name} for name in "ab")]
    form = {"type": "view_submission", "view": {"blocks": inputs}}
    answer = _on_error(broken, form, unused)
    kept = {"response_action": "errors", "errors": {"a": told["text"]}}
    assert (answer.status, json.loads(answer.body)) == (200, kept)


def test_a_warning_that_means_nothing_is_not_logged() -> None:
    def said(message: str) -> bool:
        return _is_relevant(logging.LogRecord("bolt", 30, "", 0, message, None, None))

    assert said("a signature is wrong")
    assert not said("As you gave `client` as well, `token` will be unused.")


# -- who is told what only admins can put right


def test_the_first_two_admins_are_told_and_nobody_from_outside(place: Place) -> None:
    ada = replace(TOM, user_id="UA", is_admin=True)
    place.meets(
        TOM,
        replace(ada, user_id="U0OUT", team_id="T2"),
        replace(ada, user_id="U0GUEST", is_guest=True),
        replace(ada, user_id="U0GONE", is_deleted=True),
        replace(ada, user_id="U0BOT", is_bot=True),
        *(replace(ada, user_id=user) for user in ("UA", "UB", "UC")),
    )
    for _ in range(2):
        with begin(place.context.engine, TEAM) as tx:
            notify_admins(tx, "Two plays are skipped.", dedupe_key="k", now=NOW)
    text = "Two plays are skipped."
    message = {"text": text, "blocks": [section(text).to_dict()]}
    assert place.says() == [
        ("k:UA", "chat.postMessage", "UA", message),
        ("k:UB", "chat.postMessage", "UB", message),
    ]


def test_an_admin_who_heard_it_before_a_restore_does_not_hear_it_again(place: Place) -> None:
    place.meets(*(replace(TOM, user_id=user, is_admin=True) for user in ("UA", "UB")))
    with begin(place.context.engine, TEAM) as tx:
        message_marks.save_marks(
            tx,
            {message_marks.fingerprint(tx, "old", "UA"): message_marks.MessagePlace("D1", "1.1")},
            NOW,
        )
        notify_admins(tx, "x", dedupe_key="k", now=NOW, or_as=("older", "old"))
        assert message_marks.fingerprint(tx, "k", "UB") in (tx.one(select(col(Outbox.marks))) or ())
        assert tx.first(select(col(Outbox.kind))) == "admin"
    assert [row[0] for row in place.says()] == ["k:UB"]
