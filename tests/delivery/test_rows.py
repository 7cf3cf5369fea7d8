"""How each kind of message is put into the outbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from db import outbox
from db.core.tx import Tx, begin
from db.models import Outbox
from db.outbox.states import ENDED_UNSENT_STATES, MAX_MARKS
from tests.delivery.helpers import START, TEAM, Post

SOON, LATER = START + timedelta(minutes=1), START + timedelta(minutes=30)
FACE = {"text": "hello", "blocks": []}
STATES = ("pending", "sending", "sent", "unknown", "held", "dead", "expired", "cancelled")


def changed(post: Post, row_id: int) -> dict[str, Any]:
    """What a row says beyond what every row says from the start."""
    row = post.row(row_id)
    plain = Outbox(dedupe_key="", kind="", method="", lane="", due_at=START, created_at=START)
    found = {name: getattr(row, name) for name in Outbox.model_fields}
    return {
        name: value
        for name, value in found.items()
        if name not in ("id", "workspace_id") and value != getattr(plain, name)
    }


# -- put in


PUT_IN: dict[str, tuple[Callable[[Tx], int], dict[str, Any]]] = {
    "a post": (
        lambda tx: outbox.enqueue_post(
            tx, dedupe_key="k", kind="nudge", channel="C1", payload=FACE, now=START
        ),
        {
            "kind": "nudge",
            "method": "chat.postMessage",
            "lane": "C1",
            "payload": FACE,
            "dedupe_key": "k",
        },
    ),
    "a post with all one can say of it": (
        lambda tx: outbox.enqueue_post(
            tx,
            dedupe_key="k",
            kind="nudge",
            channel="C1",
            payload=FACE,
            now=START,
            due_at=SOON,
            expires_at=LATER,
            marks=[str(number) for number in range(MAX_MARKS + 1)],
        ),
        {
            "kind": "nudge",
            "method": "chat.postMessage",
            "lane": "C1",
            "payload": FACE,
            "dedupe_key": "k",
            "due_at": SOON,
            "expires_at": LATER,
            "marks": [str(number) for number in range(MAX_MARKS)],
        },
    ),
    "a message that stands there": (
        lambda tx: outbox.adopt_post(
            tx, kind="digest", lane="U7", channel="D7", ts="1.1", now=START
        ),
        {
            "kind": "digest",
            "method": "chat.postMessage",
            "lane": "U7",
            "dedupe_key": "found:D7:1.1",
            "state": "sent",
            "channel": "D7",
            "slack_ts": "1.1",
            "sent_at": START,
        },
    ),
    "one that stands there, with a key": (
        lambda tx: outbox.adopt_post(
            tx, kind="digest", lane="C1", channel="C1", ts="1.1", now=START, dedupe_key="k"
        ),
        {
            "kind": "digest",
            "method": "chat.postMessage",
            "lane": "C1",
            "dedupe_key": "k",
            "state": "sent",
            "channel": "C1",
            "slack_ts": "1.1",
            "sent_at": START,
        },
    ),
    "a private line": (
        lambda tx: outbox.enqueue_ephemeral(
            tx, dedupe_key="k", channel="C1", user="U7", payload=FACE, now=START
        ),
        {
            "kind": "private",
            "method": "chat.postEphemeral",
            "lane": "C1/U7",
            "payload": {**FACE, "channel": "C1", "user": "U7"},
            "dedupe_key": "k",
            "expires_at": LATER,
        },
    ),
    "a private line in a thread": (
        lambda tx: outbox.enqueue_ephemeral(
            tx, dedupe_key="k", channel="C1", user="U7", payload=FACE, now=START, thread_ts="1.1"
        ),
        {
            "kind": "private",
            "method": "chat.postEphemeral",
            "lane": "C1/U7",
            "payload": {**FACE, "channel": "C1", "user": "U7", "thread_ts": "1.1"},
            "dedupe_key": "k",
            "expires_at": LATER,
        },
    ),
    "an answer": (
        lambda tx: outbox.enqueue_response(
            tx, dedupe_key="k", response_url="http://x/1", payload=FACE, now=START
        ),
        {
            "kind": "answer",
            "method": "response_url",
            "lane": "response_url/705538218a5b9060cf291410",
            "payload": {"response_url": "http://x/1", "body": {"replace_original": True, **FACE}},
            "dedupe_key": "k",
            "expires_at": LATER,
        },
    ),
    "a Home": (
        lambda tx: outbox.enqueue_view(
            tx, dedupe_key="k", user="U7", view={"type": "home"}, now=START
        ),
        {
            "kind": "home",
            "method": "views.publish",
            "lane": "home/U7",
            "payload": {"user_id": "U7", "view": {"type": "home"}},
            "dedupe_key": "k",
            "expires_at": LATER,
        },
    ),
    "prompts": (
        lambda tx: outbox.enqueue_prompts(
            tx, dedupe_key="k", channel="D7", prompts={"title": "Try"}, now=START
        ),
        {
            "kind": "prompts",
            "method": "assistant.threads.setSuggestedPrompts",
            "lane": "prompts/D7",
            "payload": {"channel_id": "D7", "title": "Try"},
            "dedupe_key": "k",
            "expires_at": LATER,
        },
    ),
}


@pytest.mark.parametrize("kind", list(PUT_IN))
def test_each_kind_is_put_in_whole_and_once_with_a_lane_that_may_go_now(
    post: Post, kind: str
) -> None:
    put_in, wanted = PUT_IN[kind]
    with begin(post.engine, TEAM) as tx:
        row_id = put_in(tx)
        assert put_in(tx) == row_id
    assert changed(post, row_id) == wanted
    lane = post.lane(str(wanted["lane"]))
    assert (lane.next_ok_at, lane.lease_until, lane.parked_reason) == (START, None, None)


OF_A_MESSAGE: dict[str, tuple[Callable[[Tx, int], int], dict[str, Any]]] = {
    "an answer in its thread": (
        lambda tx, root: outbox.enqueue_post(
            tx,
            dedupe_key="k",
            kind="reminder",
            channel="C1",
            payload=FACE,
            now=START,
            thread_of=root,
        ),
        {
            "kind": "reminder",
            "method": "chat.postMessage",
            "lane": "C1",
            "payload": FACE,
            "dedupe_key": "k",
        },
    ),
    "a new face": (
        lambda tx, root: outbox.enqueue_update(tx, target=root, version=7, payload=FACE, now=START),
        {
            "kind": "update",
            "method": "chat.update",
            "lane": "C1/edits",
            "payload": FACE,
            "dedupe_key": "update:1:7",
        },
    ),
    "its end": (
        lambda tx, root: outbox.enqueue_delete(tx, target=root, now=START),
        {"kind": "delete", "method": "chat.delete", "lane": "C1/edits", "dedupe_key": "delete:1"},
    ),
}


@pytest.mark.parametrize("kind", list(OF_A_MESSAGE))
def test_what_hangs_on_a_message_says_so_and_is_put_in_once(post: Post, kind: str) -> None:
    put_in, wanted = OF_A_MESSAGE[kind]
    root = post.put("sent", slack_ts="1.1", channel="C1")
    with begin(post.engine, TEAM) as tx:
        row_id = put_in(tx, root)
        assert put_in(tx, root) == row_id
    assert changed(post, row_id) == {**wanted, "root_id": root}
    assert post.lane(str(wanted["lane"])).next_ok_at == START


@pytest.mark.parametrize("kind", list(OF_A_MESSAGE))
@pytest.mark.parametrize("state", [*STATES, "sent nowhere"])
def test_what_hangs_on_a_message_that_never_comes_is_cancelled(
    post: Post, kind: str, state: str
) -> None:
    place = "1.1" if state == "sent" else None
    root = post.put(state.partition(" ")[0], slack_ts=place)
    with begin(post.engine, TEAM) as tx:
        row_id = OF_A_MESSAGE[kind][0](tx, root)
    never = (*ENDED_UNSENT_STATES, "sent nowhere")  # "it is there" said by hand: nobody knows where
    assert post.state(row_id) == ("cancelled" if state in never else "pending")


def test_an_answer_to_an_answer_hangs_on_the_first(post: Post) -> None:
    root = post.say("root")
    assert post.row(post.say("b", thread_of=post.say("a", thread_of=root))).root_id == root


def test_there_is_nothing_to_change_of_a_message_that_is_not_there(post: Post) -> None:
    with begin(post.engine, TEAM) as tx:
        with pytest.raises(LookupError, match=r"^no outbox row 99 to change$"):
            outbox.enqueue_update(tx, target=99, version=1, payload=FACE, now=START)
        with pytest.raises(LookupError, match=r"^no outbox row 99 to change$"):
            outbox.enqueue_delete(tx, target=99, now=START)


def test_a_newer_face_takes_the_place_of_those_that_wait_and_of_no_other(post: Post) -> None:
    root, other = post.put("sent", slack_ts="1.1"), post.put("sent", slack_ts="2.2")
    reply = post.put(root_id=root)
    faces = [post.put(state, root_id=root, method="chat.update") for state in STATES]
    elsewhere = post.put(root_id=other, method="chat.update")
    with begin(post.engine, TEAM) as tx:
        newest = outbox.enqueue_update(tx, target=root, version=9, payload=FACE, now=START)
    assert post.states(*faces) == ["cancelled", *STATES[1:]]
    assert post.states(reply, elsewhere, newest) == ["pending"] * 3


def test_a_newer_home_takes_the_place_of_those_that_wait_and_of_no_other(post: Post) -> None:
    old = [post.put(state, lane="home/U7", method="views.publish") for state in STATES]
    elsewhere = post.put(lane="home/U8", method="views.publish")
    with begin(post.engine, TEAM) as tx:
        newest = outbox.enqueue_view(tx, dedupe_key="k", user="U7", view={}, now=START)
    assert post.states(*old) == ["cancelled", *STATES[1:]]
    assert post.states(elsewhere, newest) == ["pending"] * 2


def test_the_same_face_twice_takes_no_newer_one_back(post: Post) -> None:
    root = post.put("sent", slack_ts="1.1")
    with begin(post.engine, TEAM) as tx:
        for version in (1, 2, 1):
            outbox.enqueue_update(tx, target=root, version=version, payload=FACE, now=START)
    assert [row.state for row in post.rows()] == ["sent", "cancelled", "pending"]


def test_a_message_that_is_taken_out_takes_what_waits_for_it_along(post: Post) -> None:
    root, other = post.put("sent", slack_ts="1.1"), post.put("sent", slack_ts="2.2")
    waits = [post.put(state, root_id=root) for state in STATES]
    elsewhere = post.put(root_id=other)
    with begin(post.engine, TEAM) as tx:
        gone = outbox.enqueue_delete(tx, target=root, now=START)
    assert post.states(*waits) == ["cancelled", *STATES[1:]]
    assert post.states(elsewhere, gone) == ["pending"] * 2


def test_a_message_that_stands_there_is_known_by_its_place(post: Post) -> None:
    sent = post.put("sent", channel="C1", slack_ts="1.1")
    face = post.put("sent", channel="C2", slack_ts="1.1", method="chat.update")
    with begin(post.engine, TEAM) as tx:

        def adopted(channel: str, ts: str) -> int:
            return outbox.adopt_post(tx, kind="x", lane="C1", channel=channel, ts=ts, now=START)

        assert adopted("C1", "1.1") == sent
        assert adopted("C1", "1.2") not in (sent, face)
        assert adopted("C2", "1.1") not in (sent, face)
