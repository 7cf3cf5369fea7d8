"""Rows of which nobody knows the end: which are looked for, when, where, and what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from bot.rules.slack_facts import WorkspaceFacts
from bot.slack import CouldNotRead
from db.core import workspaces
from db.core.tx import begin
from db.models import Lane, Outbox
from db.outbox import Claim, lanes, readback, recover_interrupted
from db.outbox.readback import UnknownMessage
from db.outbox.states import backoff
from tests.delivery.claims import ENDED, MINUTE, SECOND, claimed, lane, leased, row, told, write
from tests.delivery.helpers import START, TEAM, Post

# -- leases that ran out


def test_leases_that_ran_out_leave_their_messages_unknown(post: Post) -> None:
    workspaces.save_installation(post.engine, WorkspaceFacts("T2", "Other", "UBOT"), START)
    other = Post(post.engine, post.slack, post.clock, "T2")
    looked: dict[str, Any] = {"rounds": 2, "absent_once": True}
    over, young = claimed(post, **looked), claimed(post, lane="C2", token="young")
    write(
        post,
        lambda tx: tx.execute(update(Lane).where(col(Lane.lane) == "C2").values(token="young")),
    )
    write(
        post,
        lambda tx: tx.execute(
            update(Lane).where(col(Lane.lane) == "C2").values(lease_until=START + 2 * MINUTE)
        ),
    )
    pending, unknown = (
        post.put(state, lane="C3", token="mine") for state in ("pending", "unknown")
    )
    leased(other, "C1", "T2", token="theirs")
    theirs = other.put("sending", token="theirs")

    def expire(at: Any) -> int:
        return readback.expire_leases(post.engine, TEAM, at, 120 * SECOND)

    at = START + MINUTE
    assert expire(at - SECOND) == 0
    assert post.state(over.id) == "sending"
    assert expire(at) == 1
    facts = row(post, over.id, "check_at", "settles_at", "rounds", "absent_once", "token")
    assert facts == ("unknown", at, at + 120 * SECOND, 0, False, "mine")
    assert lane(post) == (START, None, None)
    assert post.states(young.id, pending, unknown) == ["sending", "pending", "unknown"]
    assert lane(post, "C2") == (START, START + 2 * MINUTE, "young")
    assert (other.state(theirs), lane(other)[2]) == ("sending", "theirs")
    assert expire(at) == 0


def test_at_a_start_all_that_was_on_its_way_is_unknown(post: Post) -> None:
    mine, pending = claimed(post), post.put("pending", lane="C2")
    assert recover_interrupted(post.engine, ENDED) == 1
    facts = row(post, mine.id, "check_at", "settles_at")
    assert facts == ("unknown", ENDED, ENDED + 120 * SECOND)
    assert (lane(post), post.state(pending)) == ((START, None, None), "pending")


# -- what was looked for


def doubt(post: Post, **more: Any) -> UnknownMessage:
    """An unknown row whose look is due, taken."""
    first = {"check_at": START, "settles_at": START + 120 * SECOND, "started_at": START}
    row = post.put("unknown", token="mine", **first | more)
    found = readback.claim_unknown(post.engine, TEAM, START)
    assert found is not None
    assert found.id == row
    return found


def test_the_look_that_is_most_overdue_comes_first_and_is_put_off(post: Post) -> None:
    facts: dict[str, Any] = {"token": "t", "attempt": 3, "rounds": 1, "absent_once": True}
    facts |= {"lane": "C1/edits"} | {"method": "chat.update", "started_at": START, "root_id": 1}
    workspaces.save_installation(post.engine, WorkspaceFacts("T2", "Other", "UBOT"), START)
    with begin(post.engine, TEAM) as tx:
        workspaces.park_workspace(tx, "token_revoked", START)
    late = post.put("unknown", check_at=START, settles_at=ENDED, **facts)
    later = post.put("unknown", check_at=START - SECOND, started_at=START)
    for state in ("sending", "held", "sent"):
        post.put(state, check_at=START - MINUTE, started_at=START)
    assert readback.claim_unknown(post.engine, TEAM, START) is None  # Slack lets nobody in
    with begin(post.engine, TEAM) as tx:
        workspaces.unpark_workspace(tx)
    other = Post(post.engine, post.slack, post.clock, "T2")
    assert readback.claim_unknown(post.engine, "T2", START) is None
    theirs = other.put("unknown", check_at=START - MINUTE, started_at=START)
    first = readback.claim_unknown(post.engine, TEAM, START)
    second = readback.claim_unknown(post.engine, TEAM, START)
    assert readback.claim_unknown(post.engine, TEAM, START) is None
    assert first is not None
    assert (first.id, first.settles_at) == (later, START)  # of an older version: settled by now
    wanted = UnknownMessage(id=late, workspace=TEAM, settles_at=ENDED, **facts)
    assert second == wanted
    assert [post.row(one).check_at for one in (late, later)] == [START + MINUTE] * 2
    assert other.row(theirs).check_at == START - MINUTE
    mine = readback.as_claim(wanted)
    assert mine == Claim(
        late, TEAM, "C1/edits", "chat.update", None, "t", 3, START, START, False, False
    )


def test_a_message_that_was_found_was_sent_and_opens_its_channel(post: Post) -> None:
    found = doubt(post, last_error="HTTP 500")
    write(post, lambda tx: lanes.park_lane(tx, "C1", "is_archived", START))
    write(post, lambda tx: readback.mark_found(tx, found, "C1", "1.1", ENDED))
    facts = row(post, found.id, "channel", "slack_ts", "sent_at", "last_error")
    assert facts == ("sent", "C1", "1.1", ENDED, None)
    assert post.lane("C1").parked_reason is None


@pytest.mark.parametrize("ours", ["token", "state"])
def test_what_somebody_else_ended_meanwhile_is_left_alone(post: Post, ours: str) -> None:
    found = doubt(post)
    write(post, lambda tx: lanes.park_lane(tx, "C1", "is_archived", START))
    taken = {"token": {"token": "another's"}, "state": {"state": "held"}}[ours]
    write(
        post,
        lambda tx: tx.execute(update(Outbox).where(col(Outbox.id) == found.id).values(**taken)),
    )
    before = post.row(found.id)
    write(post, lambda tx: readback.mark_found(tx, found, "C1", "1.1", ENDED))
    write(post, lambda tx: readback.mark_absent(tx, found, ENDED))
    assert not write(
        post, lambda tx: readback.mark_unreadable(tx, replace(found, rounds=2), "", ENDED)
    )
    write(post, lambda tx: readback.postpone_look(tx, found, ENDED))
    assert post.row(found.id).model_dump() == before.model_dump()
    assert post.lane("C1").parked_reason == "is_archived"


@pytest.mark.parametrize(
    ("at", "known", "then"),
    [
        (119, {}, {"state": "unknown", "check_at": START + 120 * SECOND}),
        (120, {}, {"state": "unknown", "check_at": START + 180 * SECOND, "absent_once": True}),
        (120, {"absent_once": True}, {"state": "pending", "token": None, "attempt": 1}),
        (120, {"absent_once": True, "attempt": 6}, {"state": "pending", "attempt": 7}),
        (120, {"absent_once": True, "attempt": 7}, {"state": "dead", "attempt": 8}),
    ],
)
def test_a_message_that_is_not_there(
    post: Post, at: int, known: dict[str, Any], then: dict[str, Any]
) -> None:
    found = doubt(post, **known)
    beside = post.put("unknown", token="mine")
    follower = post.put(root_id=found.id)
    write(post, lambda tx: readback.mark_absent(tx, found, START + at * SECOND))
    after = post.row(found.id)
    assert {name: getattr(after, name) for name in then} == then
    assert post.state(beside) == "unknown"
    assert post.state(follower) == ("cancelled" if then["state"] == "dead" else "pending")


def test_three_looks_that_could_not_read_hold_it(post: Post) -> None:
    found = doubt(post)
    for rounds, held in ((0, False), (1, False), (2, True)):
        mine = replace(found, rounds=rounds)
        with begin(post.engine, TEAM) as tx:
            assert readback.mark_unreadable(tx, mine, f"no {rounds}", ENDED) == held
        facts = row(post, found.id, "rounds", "last_error", "check_at")
        at = ENDED + MINUTE
        assert facts == ("held" if held else "unknown", rounds + 1, f"no {rounds}", at)


def test_where_nothing_could_be_asked_no_round_is_lost(post: Post) -> None:
    found = doubt(post, rounds=1)
    write(post, lambda tx: readback.postpone_look(tx, found, ENDED))
    assert row(post, found.id, "check_at", "rounds") == ("unknown", ENDED, 1)


def test_the_thread_in_which_a_message_is_looked_for(post: Post) -> None:
    root = post.put("sent", channel="D7", slack_ts="7.7")
    nowhere = [post.put("sent", channel="D7"), post.put("sent", slack_ts="7.7")]

    def thread_of(**more: Any) -> Any:
        of = {"root_id": more.get("root_id"), "lane": more.get("lane", "C1")}
        plain = UnknownMessage(post.put("unknown", **more), TEAM, **of, **EMPTY)
        return write(post, lambda tx: readback.thread_place(tx, plain))

    assert thread_of(root_id=root) == ("D7", "7.7")
    assert [thread_of(root_id=one) for one in nowhere] == [None, None]
    assert thread_of() is None
    assert thread_of(payload={"thread_ts": "9.9"}, lane="C1/edits") == ("C1", "9.9")
    assert thread_of(payload={"thread_ts": "9.9"}, root_id=root) == ("D7", "7.7")


EMPTY: Any = {
    "method": "chat.postMessage",
    "token": "t",
    "attempt": 0,
    "rounds": 0,
    "absent_once": False,
    "started_at": START,
    "settles_at": START,
}


# -- looking in Slack


class Looks:
    """Slack that notes where it was looked, and finds what it was told to."""

    settle = 120 * SECOND

    def __init__(self, found: str | CouldNotRead | None) -> None:
        self.found, self.looked = found, list[tuple[Any, ...]]()

    def workspace_id(self) -> str:
        return TEAM

    def open_dm(self, user: str) -> str:
        return "D" + user[1:]

    def find_posted(self, *where: Any) -> str | None:
        self.looked.append(where)
        if isinstance(self.found, CouldNotRead):
            raise self.found
        return self.found


@pytest.mark.parametrize(
    ("lane", "thread", "place"),
    [
        ("C1/edits", None, ("C1", None)),
        ("U7", None, ("D7", None)),
        ("W7", None, ("D7", None)),
        ("U7", "7.7", ("D9", "7.7")),
    ],
)
def test_where_a_message_is_looked_for(
    post: Post, lane: str, thread: str | None, place: tuple[str, str | None]
) -> None:
    root = post.put("sent", channel="D9", slack_ts=thread) if thread else None
    row_id = post.put(
        "unknown", lane=lane, root_id=root, check_at=START, started_at=START, token="mine"
    )
    post.slack = Looks("1.1")
    assert post.look()
    oldest = START - timedelta(seconds=60)  # clocks differ
    assert post.slack.looked == [(place[0], row_id, oldest, place[1])]
    facts = row(post, row_id, "channel", "slack_ts", "sent_at")
    assert facts == ("sent", place[0], "1.1", START)
    assert not post.look()


@pytest.mark.parametrize(
    ("error", "wait", "rounds"),
    [
        (CouldNotRead("m", "x", offline=True), 10, 0),
        (CouldNotRead("m", "x", retry_after=30), 30, 0),
        (CouldNotRead("m", "x", retry_after=0), 10, 0),
        (CouldNotRead("m", "x"), 60, 1),
    ],
)
def test_a_look_that_could_not_be_made_is_made_later(
    post: Post, error: CouldNotRead, wait: int, rounds: int
) -> None:
    first = {"check_at": START, "started_at": START, "token": "mine"}
    row_id = post.put("unknown", **first)
    post.slack = Looks(error)
    assert post.look()
    assert row(post, row_id, "check_at", "rounds") == ("unknown", START + wait * SECOND, rounds)
    assert post.row(row_id).last_error == (str(error) if rounds else None)
    assert told(post) == []


def test_the_third_that_could_not_be_made_tells_the_admins(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    first = {"check_at": START, "started_at": START, "token": "mine", "rounds": 2}
    row_id = post.put("unknown", lane="C1/edits", **first)
    post.slack = Looks(CouldNotRead("conversations.history", "HTTP 500"))
    post.look()
    (message,) = told(post)
    assert f"message {row_id} to <#C1> was posted" in message[4]
    assert caplog.messages == [f"message {row_id} is held: {post.slack.found}"]


def test_an_unknown_line_of_one_person_goes_again(post: Post) -> None:
    first = {"check_at": START, "started_at": START, "token": "mine"}
    row_id = post.put("unknown", method="chat.postEphemeral", **first)
    post.slack = Looks(None)
    assert post.look()
    facts = row(post, row_id, "attempt", "last_error", "due_at")
    assert facts == ("pending", 1, "its sender was gone", START + backoff(row_id, 1))
    assert post.slack.looked == []
