"""The rows of the outbox: changed where they wait, decided about, counted, found, forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.rules.slack_facts import WorkspaceFacts
from db import outbox
from db.core import workspaces
from db.core.tx import Tx, begin
from db.models import Lane
from db.outbox import operator_actions, pending, status
from db.outbox.states import BUSY_STATES, ENDED_UNSENT_STATES
from db.outbox.status import ParkedLane
from tests.delivery.helpers import START, TEAM, Post

SOON, LATER = START + timedelta(minutes=1), START + timedelta(minutes=30)
FACE = {"text": "hello", "blocks": []}
STATES = ("pending", "sending", "sent", "unknown", "held", "dead", "expired", "cancelled")


# -- taken back, changed where it waits


@pytest.mark.parametrize("state", STATES)
def test_only_what_has_not_begun_is_taken_back_or_rewritten(post: Post, state: str) -> None:
    row, other = post.put(state), post.put()
    follower, elsewhere = post.put(root_id=row), post.put(root_id=other)
    ended = [post.put(one, root_id=row) for one in STATES[1:]]
    with begin(post.engine, TEAM) as tx:
        assert pending.rewrite_pending(tx, row, FACE) == (state == "pending")
        assert outbox.cancel(tx, row) == (state == "pending")
    assert post.row(row).payload == (FACE if state == "pending" else {})
    assert post.state(row) == ("cancelled" if state == "pending" else state)
    assert post.state(follower) == ("cancelled" if state == "pending" else "pending")
    assert post.states(other, elsewhere) == ["pending"] * 2
    assert post.states(*ended) == list(STATES[1:])
    assert post.row(other).payload == {}


def test_replies_that_wait_are_taken_back_and_nothing_else(post: Post) -> None:
    root, other = post.put("sent"), post.put("sent")
    replies = [post.put(state, root_id=root) for state in STATES]
    left = [post.put(root_id=root, method="chat.update"), post.put(root_id=other)]
    with begin(post.engine, TEAM) as tx:
        pending.cancel_replies(tx, root)
    assert post.states(*replies) == ["cancelled", *STATES[1:]]
    assert post.states(*left) == ["pending"] * 2


def test_what_one_may_ask_of_a_message(post: Post) -> None:
    rows = {state: post.put(state, dedupe_key=state) for state in STATES}
    with begin(post.engine, TEAM) as tx:
        told = {
            state: (
                pending.is_waiting(tx, row),
                pending.was_lost(tx, row),
                pending.may_be_in_slack(tx, row),
            )
            for state, row in rows.items()
        }
        for row in (None, 99):
            assert not pending.is_waiting(tx, row)
            assert not pending.was_lost(tx, row)
        assert not pending.may_be_in_slack(tx, 99)
        assert pending.find_by_key(tx, "held") == rows["held"]
        assert pending.find_by_key(tx, "nothing") is None
        held, nothing = pending.lock_message(tx, rows["dead"]), pending.lock_message(tx, None)
    coming, gone = (True, False, True), (False, True, False)
    assert told == {
        "pending": coming,
        "sending": coming,
        "sent": (False, False, True),
        "unknown": coming,
        "held": coming,
        "dead": gone,
        "expired": gone,
        "cancelled": gone,
    }
    assert (held.id if held else None, nothing) == (rows["dead"], None)


def test_the_number_of_a_face_grows(post: Post) -> None:
    root, other = post.put("sent"), post.put("sent")
    with begin(post.engine, TEAM) as tx:
        assert pending.next_version(tx, root) == root
    post.put(root_id=root, method="chat.update")
    newest = post.put(root_id=root, method="chat.update")
    post.put(root_id=other, method="chat.update")
    with begin(post.engine, TEAM) as tx:
        assert pending.next_version(tx, root) == newest


# -- by hand

LOOKED = {"token": "t", "rounds": 3, "attempt": 2, "absent_once": True, "expires_at": SOON}


@pytest.mark.parametrize("state", STATES)
def test_each_decision_fits_its_state_and_no_other(post: Post, state: str) -> None:
    decisions: dict[str, tuple[tuple[str, ...], Callable[[Tx, int], bool], str]] = {
        "resend": (("held",), operator_actions.resend_held, "pending"),
        "it is there": (
            ("held",),
            lambda tx, row: operator_actions.mark_held_sent(tx, row, LATER),
            "sent",
        ),
        "try again": (
            ("dead",),
            lambda tx, row: operator_actions.retry_dead(tx, row, LATER),
            "pending",
        ),
        "drop": (("held", "dead"), operator_actions.drop, "cancelled"),
    }
    for name, (of, decide, after) in decisions.items():
        row, beside = post.put(state, last_error="no", **LOOKED), post.put(state, **LOOKED)
        follower = post.put(root_id=row)
        with begin(post.engine, TEAM) as tx:
            assert decide(tx, row) == (state in of), name
        again = after == "pending" and state in of
        assert post.states(row, beside) == [after if state in of else state, state]
        ends = state in of and after != "pending"
        assert post.state(follower) == ("cancelled" if ends else "pending")
        found = post.row(row)
        left = {name: getattr(found, name) for name in LOOKED}
        fresh = {"token": None, "rounds": 0, "attempt": 0, "absent_once": False}
        assert left == ({**fresh, "expires_at": None} if again else LOOKED)
        tried = name == "try again" and again
        assert found.due_at == (LATER if tried else START)
        seen = name == "it is there" and state == "held"
        assert (found.sent_at, found.last_error) == (
            (LATER, "seen by a person") if seen else (None, "no")
        )


def test_what_waits_for_a_person_and_what_was_refused_for_good(post: Post) -> None:
    held = [post.put("held"), post.put("held")]
    for state in STATES:
        if state not in ("held", "dead"):
            post.put(state)
    old = post.put("dead", created_at=START - timedelta(seconds=1))
    dead = [post.put("dead"), post.put("dead", method="chat.update")]
    post.put("dead", method="chat.postEphemeral")
    with begin(post.engine, TEAM) as tx:
        assert [row.id for row in operator_actions.list_held(tx)] == held
        assert [row.id for row in operator_actions.list_dead(tx, START)] == dead[::-1]
        assert [row.id for row in operator_actions.list_dead(tx, START - timedelta(days=1))] == [
            *dead[::-1],
            old,
        ]


# -- counted, found, forgotten


def lane(post: Post, name: str, **more: Any) -> None:
    with begin(post.engine, TEAM) as tx:
        tx.add(Lane(lane=name, **{"next_ok_at": START, **more}))


def test_the_state_of_delivery(post: Post) -> None:
    post.clock.on(100)
    with begin(post.engine, TEAM) as tx:
        nothing = status(tx, post.clock.now)
    assert (nothing.counts, nothing.oldest_due_age, nothing.parked) == ({}, None, [])
    lane(post, "C2", parked_reason="is_archived", parked_at=SOON)
    lane(post, "C2/edits", parked_reason="is_archived", parked_at=SOON)
    lane(post, "C0", parked_reason="odd")  # of an older version: since when is not known
    lane(post, "C1")
    for state in ("pending", "pending", "sent", "held"):
        post.put(state, lane="C2", due_at=START)
    post.put(lane="C2/edits", due_at=START)
    post.put(lane="C1", due_at=START + timedelta(seconds=100))
    post.put(lane="C1", due_at=START + timedelta(seconds=101))
    post.put("sent", lane="C1", due_at=START)
    with begin(post.engine, TEAM) as tx:
        found = status(tx, post.clock.now)
    assert found.counts == {"pending": 2, "parked": 3, "sent": 2, "held": 1}
    assert found.oldest_due_age == timedelta(0)
    assert found.workspace_parked is None
    assert found.parked == [
        ParkedLane("C0", "odd", START, 0),
        ParkedLane("C2", "is_archived", SOON, 3),
    ]
    post.put(lane="C1", due_at=START + timedelta(seconds=10))
    with begin(post.engine, TEAM) as tx:
        assert status(tx, post.clock.now).oldest_due_age == timedelta(seconds=90)


def test_a_message_in_slack_is_found_by_its_place(post: Post) -> None:
    root = post.put("sent", channel="C1", slack_ts="1.1")
    post.put("sent", channel="C1", slack_ts="1.2", root_id=root)
    post.put("sent", channel="C1", slack_ts="1.3", method="chat.update")
    with begin(post.engine, TEAM) as tx:
        found = [outbox.find_message(tx, "C1", ts) for ts in ("1.1", "1.2", "1.3", "1.4")]
        assert found == [root, root, None, None]
        assert outbox.find_message(tx, "C2", "1.1") is None


def test_what_ended_long_ago_is_forgotten_but_for_posts_that_were_sent(post: Post) -> None:
    now = post.clock.now
    old, young = now - timedelta(days=90, seconds=1), now - timedelta(days=90)
    rows = {
        (state, method): post.put(state, method=method, created_at=old)
        for state in STATES
        for method in ("chat.postMessage", "chat.update")
    }
    kept = post.put("dead", created_at=young)
    with begin(post.engine, TEAM) as tx:
        assert outbox.delete_old(tx, now) == 7
    left = {row.id for row in post.rows()}
    gone = {which for which, row in rows.items() if row not in left}
    ended = {(state, method) for state, method in rows if state in ENDED_UNSENT_STATES}
    assert gone == ended | {("sent", "chat.update")}
    assert kept in left


def test_lanes_that_nothing_needs_are_forgotten(post: Post) -> None:
    idle = START - timedelta(hours=1, seconds=1)
    lane(post, "C1", next_ok_at=idle)
    lane(post, "young", next_ok_at=START - timedelta(hours=1))
    lane(post, "parked", next_ok_at=idle, parked_reason="is_archived")
    lane(post, "leased", next_ok_at=idle, lease_until=START)
    lane(post, "*", next_ok_at=idle)
    for state in STATES:
        lane(post, state, next_ok_at=idle)
        post.put(state, lane=state)
    workspaces.save_installation(post.engine, WorkspaceFacts("T2", "Other", "UBOT"), START)
    Post(post.engine, post.slack, post.clock, "T2").put(lane="C1")
    with begin(post.engine, TEAM) as tx:
        outbox.delete_old(tx, START)
    kept = ["young", "parked", "leased", "*", "pending", *BUSY_STATES]
    names = ["C1", "young", "parked", "leased", "*", *STATES]
    assert [name for name in names if post.lane(name) is not None] == kept
