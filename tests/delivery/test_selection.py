"""Whose turn it is: which lanes may go now, which of their messages, how many, and when next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from bot.rules.slack_facts import WorkspaceFacts
from db.core import workspaces
from db.core.tx import begin, read
from db.models import Channel, Lane, Workspace
from db.outbox import claim_batch, rate_limit, readback, select_due
from db.outbox.select_due import next_send_within
from db.outbox.states import LEASE, RateLimit
from demo.fast_forward import next_send
from tests.delivery.helpers import START, TEAM, Post, claim

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
STATES = ("pending", "sending", "sent", "unknown", "held", "dead", "expired", "cancelled")
AT_EASE = RateLimit(workspace=timedelta(0))  # no bucket: a test of the lanes
PACE = RateLimit(channel=3 * SECOND, workspace=2 * SECOND, burst=3)


@pytest.fixture
def other(post: Post) -> Post:
    """Another workspace's post office in the same database."""
    workspaces.save_installation(post.engine, WorkspaceFacts("T2", "Other", "UBOT"), START)
    return Post(post.engine, post.slack, post.clock, "T2")


def lane(post: Post, name: str, **more: Any) -> None:
    """A lane that may go, unless told otherwise."""
    values: dict[str, Any] = {"next_ok_at": START}
    with begin(post.engine, post.team) as tx:
        tx.add(Lane(lane=name, **values | more))


def ready_lane(post: Post, name: str, **more: Any) -> int:
    """A lane with a message that may go now; the message's id."""
    lane(post, name, **more)
    return post.put(lane=name)


def taken(post: Post, most: int = 32, at: datetime = START, pace: RateLimit = AT_EASE) -> list[int]:
    return [mine.id for mine in claim_batch(post.engine, post.team, at, most, pace)]


# -- lanes


@pytest.mark.parametrize(
    ("facts", "goes"),
    [
        ({}, True),
        ({"next_ok_at": START + SECOND}, False),
        ({"next_ok_at": START - SECOND}, True),
        ({"lease_until": START + SECOND}, False),
        ({"lease_until": START - SECOND}, False),  # its messages are looked for first
        ({"parked_reason": "is_archived"}, False),
        ({"parked_reason": "is_archived", "probe_at": START + SECOND}, False),
        ({"parked_reason": "is_archived", "probe_at": START}, True),
        ({"probe_at": START + SECOND}, True),
    ],
)
def test_a_lane_goes_when_its_pause_is_over_and_nobody_holds_it(
    post: Post, facts: dict[str, Any], goes: bool
) -> None:
    row = ready_lane(post, "C1", **facts)
    with post.engine.connect() as connection:
        assert select_due.has_due_message(connection, TEAM, START) == goes
    assert taken(post) == ([row] if goes else [])


@pytest.mark.parametrize("state", STATES)
def test_a_lane_goes_for_what_is_pending_and_not_beside_what_is_on_its_way(
    post: Post, state: str
) -> None:
    lane(post, "C1")
    first = post.put(state)
    assert taken(post) == ([first] if state == "pending" else [])
    second = post.put(due_at=START)
    busy = state in ("pending", "sending", "unknown")  # the pending one is sending now
    with begin(post.engine, TEAM) as tx:  # as if the lease had been given back
        tx.execute(
            update(Lane).where(col(Lane.lane) == "C1").values(lease_until=None, next_ok_at=START)
        )
    assert taken(post) == ([] if busy else [second])


def test_nothing_is_taken_before_it_is_due(post: Post) -> None:
    lane(post, "C1")
    row = post.put(due_at=START + SECOND)
    assert (taken(post), taken(post, at=START + SECOND)) == ([], [row])


@pytest.mark.parametrize("state", STATES)
def test_what_hangs_on_a_message_waits_until_that_is_sent(post: Post, state: str) -> None:
    root = post.put(state, lane="elsewhere", channel="C1", slack_ts="1.1")
    lane(post, "C1/edits")
    row = post.put(lane="C1/edits", method="chat.update", root_id=root)
    assert taken(post) == ([row] if state == "sent" else [])


def test_another_message_that_was_sent_lets_nothing_go(post: Post) -> None:
    root, _ = post.put("held", lane="elsewhere"), post.put("sent", lane="elsewhere")
    lane(post, "C1")
    post.put(root_id=root)
    assert taken(post) == []


def test_each_workspace_has_lanes_and_messages_of_its_own(post: Post, other: Post) -> None:
    lane(other, "C1")
    theirs = other.put(lane="C1", due_at=START - MINUTE)  # older, in a lane of the same name
    mine = ready_lane(post, "C1")
    lane(post, "C2")
    other.put(lane="C2")  # its lane is the other's
    lane(other, "C3")
    post.put("sending", lane="C3")
    their_third = other.put(lane="C3")
    with post.engine.connect() as connection:
        assert not select_due.has_due_message(connection, "T3", START)
    assert taken(post) == [mine]
    assert taken(other) == [theirs, their_third]
    assert post.lane("C1").token != other.lane("C1").token


def test_the_bucket_is_no_lane(post: Post) -> None:
    lane(post, "*")
    post.put(lane="*")
    assert taken(post) == []


def test_who_has_waited_longest_goes_first(post: Post) -> None:
    late = ready_lane(post, "C1", next_ok_at=START - SECOND)
    same = ready_lane(post, "C2", next_ok_at=START - SECOND)
    early = ready_lane(post, "C3", next_ok_at=START - MINUTE)
    assert taken(post, most=2) == [early, late]
    assert taken(post, most=1) == [same]


def test_of_a_lane_the_oldest_goes(post: Post) -> None:
    lane(post, "C1")
    rows = [post.put(due_at=START - due * SECOND) for due in (1, 2, 2)]
    post.put("sent", due_at=START - MINUTE)
    post.put(lane="C2", due_at=START - MINUTE)
    assert taken(post) == [rows[1]]


# -- a claim


def test_a_claim_tells_all_that_a_call_needs_and_marks_row_and_lane(post: Post) -> None:
    lane(post, "C1/edits", next_ok_at=START - SECOND)
    root = post.put("sent", channel="D7", slack_ts="7.7", lane="elsewhere")
    row = post.put(
        lane="C1/edits",
        method="chat.update",
        payload={"text": "hi"},
        root_id=root,
        attempt=3,
        due_at=START - SECOND,
    )
    mine = claim(post.engine, TEAM, START, PACE)
    assert mine is not None
    assert (mine.id, mine.workspace, mine.lane, mine.method) == (
        row,
        TEAM,
        "C1/edits",
        "chat.update",
    )
    assert mine.args == {"text": "hi", "channel": "D7", "ts": "7.7"}
    assert (mine.attempt, mine.started_at, mine.lease_until) == (3, START, START + LEASE)
    assert (mine.probing, mine.shared_outside, mine.pace) == (False, False, PACE)
    assert mine.channel == "C1"
    assert len(mine.token) == 32
    found, held = post.row(row), post.lane("C1/edits")
    assert (found.state, found.token, found.started_at) == ("sending", mine.token, START)
    assert (held.token, held.lease_until) == (mine.token, START + LEASE)
    assert held.next_ok_at == START + PACE.channel
    assert claim(post.engine, TEAM, START, PACE) is None


def test_a_claim_of_one_leaves_the_others(post: Post) -> None:
    rows = [ready_lane(post, name) for name in ("C1", "C2")]
    assert claim(post.engine, TEAM, START, AT_EASE) is not None
    assert post.states(*rows) == ["sending", "pending"]


def test_a_batch_marks_its_own_and_no_other(post: Post) -> None:
    mine = [ready_lane(post, name, next_ok_at=START - SECOND) for name in ("C1", "C2")]
    left = ready_lane(post, "C3")
    claims = claim_batch(post.engine, TEAM, START, 2, AT_EASE)
    assert [one.id for one in claims] == mine
    assert len({one.token for one in claims}) == 1
    assert post.state(left) == "pending"
    assert (post.lane("C3").token, post.lane("C3").lease_until) == (None, None)
    assert taken(post, most=0) == []


def test_the_probe_of_a_parked_lane_says_so_and_the_next_is_half_an_hour_later(post: Post) -> None:
    ready_lane(post, "C1", parked_reason="is_archived", probe_at=START)
    ready_lane(post, "C2", probe_at=None)
    claims = claim_batch(post.engine, TEAM, START, 2, AT_EASE)
    assert [(one.lane, one.probing) for one in claims] == [("C1", True), ("C2", False)]
    assert post.lane("C1").probe_at == START + 30 * MINUTE
    assert post.lane("C2").probe_at is None


@pytest.mark.parametrize(
    ("method", "name", "outside"),
    [
        ("chat.postMessage", "C1", True),
        ("chat.postMessage", "C2", False),
        ("chat.postMessage", "C3", False),
        ("chat.update", "C1/edits", True),
        ("chat.delete", "C1/edits", False),
        ("chat.postEphemeral", "C1", False),
    ],
)
def test_a_channel_that_outsiders_read_is_known_at_the_last_moment(
    post: Post, other: Post, method: str, name: str, outside: bool
) -> None:
    for office, channel, shared in ((post, "C1", True), (post, "C2", False), (other, "C3", True)):
        with begin(office.engine, office.team) as tx:
            known = Channel(channel_id=channel, name=channel, fetched_at=START)
            known.is_shared_outside = shared
            tx.add(known)
    root = post.put("sent", lane="elsewhere", channel="C1", slack_ts="1.1")
    lane(post, name)
    of = None if method in ("chat.postMessage", "chat.postEphemeral") else root
    post.put(lane=name, method=method, root_id=of, payload={"name": "pace"})
    (mine,) = claim_batch(post.engine, TEAM, START, 1, AT_EASE)
    assert mine.shared_outside == outside


# -- what is past its time


def test_what_is_past_its_time_ends_on_the_way_with_what_waits_for_it(
    post: Post, other: Post
) -> None:
    lane(post, "C1")
    past: dict[str, Any] = {"expires_at": START}
    stale = [post.put(state, **past) for state in ("pending", "held", "sent")]
    waits = [post.put(state, root_id=stale[0], lane="C2") for state in STATES]
    elsewhere = post.put(lane="C9", **past), other.put(lane="C1", **past)
    good = post.put(expires_at=START + SECOND)
    assert taken(post) == [good]
    assert post.states(*stale) == ["expired", "held", "sent"]
    assert post.states(*waits) == ["cancelled", *STATES[1:]]
    assert [post.state(elsewhere[0]), other.state(elsewhere[1])] == ["pending", "pending"]


def test_a_lane_of_which_all_is_past_its_time_lets_the_next_lane_go(post: Post) -> None:
    lane(post, "C1", next_ok_at=START - SECOND)
    post.put(expires_at=START)
    row = ready_lane(post, "C2")
    assert taken(post, most=1) == [row]


# -- the bucket and the workspace's breaker


def allowed(post: Post, at: datetime = START, pace: RateLimit = PACE) -> tuple[int, datetime, bool]:
    with post.engine.begin() as connection:
        found = rate_limit.allowance(connection, post.team, at, pace)
    return found.messages, found.even, found.probing


@pytest.mark.parametrize(
    ("ahead", "messages"), [(-60, 4), (0, 4), (1, 3), (2, 3), (4, 2), (6, 1), (6.001, 0), (60, 0)]
)
def test_the_bucket_lets_a_burst_through_and_then_the_pace(
    post: Post, ahead: float, messages: int
) -> None:
    lane(post, "*", next_ok_at=START + ahead * SECOND)
    assert allowed(post) == (messages, START + max(ahead, 0) * SECOND, False)


def test_the_first_look_makes_the_bucket(post: Post, other: Post) -> None:
    lane(other, "*", next_ok_at=START + MINUTE)
    lane(post, "C1", next_ok_at=START + MINUTE)
    assert allowed(post) == (4, START, False)
    assert post.lane("*").next_ok_at == START
    assert allowed(post, pace=AT_EASE)[0] == 1_000_000


def test_what_is_taken_is_spent(post: Post, other: Post) -> None:
    for office in (post, other):
        lane(office, "*", next_ok_at=START + SECOND)
    for name in ("C1", "C2"):
        ready_lane(post, name)
    assert len(taken(post, pace=PACE)) == 2
    assert post.lane("*").next_ok_at == START + 5 * SECOND
    assert other.lane("*").next_ok_at == START + SECOND
    assert post.lane("C1").next_ok_at == START + PACE.channel


def test_no_more_is_taken_than_the_bucket_has(post: Post) -> None:
    for number in range(6):
        ready_lane(post, f"C{number}")
    assert len(taken(post, pace=PACE)) == 4
    assert taken(post, pace=PACE) == []
    assert len(taken(post, at=START + 2 * SECOND, pace=PACE)) == 1


def workspace(post: Post, **facts: Any) -> None:
    with post.engine.begin() as connection:
        mine = col(Workspace.id) == post.team
        connection.execute(update(Workspace).where(mine).values(**facts))


def parked_until(post: Post) -> datetime | None:
    with read(post.engine, post.team) as tx:
        known = workspaces.current(tx)
    assert known is not None
    return known.parked_until


@pytest.mark.parametrize(
    ("facts", "messages", "probing"),
    [
        ({"restored_at": START}, 0, False),
        ({"restored_at": START, "parked_reason": "token_revoked"}, 0, False),
        ({"parked_reason": "token_revoked"}, 1, True),
        ({"parked_reason": "token_revoked", "parked_until": START}, 1, True),
        ({"parked_reason": "token_revoked", "parked_until": START + SECOND}, 0, True),
        ({"parked_until": START + SECOND}, 4, False),
    ],
)
def test_a_parked_workspace_tries_one_call(
    post: Post, other: Post, facts: dict[str, Any], messages: int, probing: bool
) -> None:
    workspace(post, **facts)
    assert allowed(post) == (messages, START, probing)
    assert allowed(other) == (4, START, False)


def test_the_probe_of_a_workspace_waits_for_its_bucket_too(post: Post) -> None:
    workspace(post, parked_reason="token_revoked")
    lane(post, "*", next_ok_at=START + MINUTE)
    assert allowed(post) == (0, START + MINUTE, True)


def test_the_probe_of_a_workspace_is_one_and_the_next_half_an_hour_later(
    post: Post, other: Post
) -> None:
    for office in (post, other):
        workspace(office, parked_reason="token_revoked")
    rows = [ready_lane(post, "C1"), ready_lane(post, "C2")]
    assert taken(post) == rows[:1]
    assert taken(post) == []
    assert (parked_until(post), parked_until(other)) == (START + 30 * MINUTE, None)


def test_a_workspace_that_is_not_parked_has_no_probe(post: Post) -> None:
    with post.engine.begin() as connection:
        rate_limit.postpone_probe(connection, TEAM, START)
    assert parked_until(post) is None


# -- when next


def within(post: Post, seconds: float = 60, pace: RateLimit = PACE) -> timedelta:
    until = START + seconds * SECOND
    return next_send_within(post.engine, post.team, START, until, pace) - START


@pytest.mark.parametrize(
    ("facts", "looks"),
    [
        ({"next_ok_at": START + SECOND}, 1),
        ({"next_ok_at": START}, 60),  # it may go now: that is not for later
        ({"next_ok_at": START + 61 * SECOND}, 60),
        ({"next_ok_at": START + SECOND, "lease_until": START + MINUTE}, 60),
        ({"next_ok_at": START + SECOND, "parked_reason": "is_archived"}, 60),
    ],
)
def test_the_next_look_is_when_a_pause_ends(post: Post, facts: dict[str, Any], looks: int) -> None:
    ready_lane(post, "C1", **facts)
    assert within(post) == looks * SECOND


@pytest.mark.parametrize(
    ("due", "state", "looks"),
    [
        (1, "pending", 1),
        (0, "pending", 60),
        (60, "pending", 60),
        (1, "sent", 60),
        (61, "pending", 60),
    ],
)
def test_the_next_look_is_when_something_falls_due(
    post: Post, due: int, state: str, looks: int
) -> None:
    lane(post, "C1")
    post.put(state, due_at=START + due * SECOND)
    assert within(post) == looks * SECOND


def test_the_next_look_is_for_the_earlier_of_the_two(post: Post, other: Post) -> None:
    ready_lane(post, "C1", next_ok_at=START + 3 * SECOND)
    ready_lane(other, "C1", next_ok_at=START + SECOND)
    lane(post, "C2", next_ok_at=START + SECOND)  # with nothing in it
    assert within(post) == 3 * SECOND
    post.put(lane="C2", due_at=START + 2 * SECOND)
    assert within(post) == 2 * SECOND


@pytest.mark.parametrize(("ahead", "looks"), [(0, 60), (6, 60), (7, 1), (90, 60)])
def test_the_next_look_is_when_the_bucket_lets_something_through(
    post: Post, other: Post, ahead: int, looks: int
) -> None:
    lane(other, "*", next_ok_at=START + 8 * SECOND)
    lane(post, "*", next_ok_at=START + ahead * SECOND)
    assert within(post) == looks * SECOND
    assert within(post, pace=RateLimit()) == (60 if ahead < 3 else min(ahead - 2, 60)) * SECOND


# -- for a clock that is moved on


def test_a_clock_that_is_moved_on_stops_where_something_may_go(post: Post, other: Post) -> None:
    assert next_send(post.engine) is None
    root = post.put("held", lane="C9")
    post.put(lane="C8", root_id=root, due_at=START - MINUTE)
    lane(post, "C1", parked_reason="is_archived")
    post.put(due_at=START - MINUTE)
    post.put("sent", lane="C2", due_at=START - MINUTE)
    assert next_send(post.engine) is None
    post.put("unknown", lane="C2", check_at=START + 9 * SECOND)
    post.put("held", lane="C2", check_at=START)
    assert next_send(post.engine) == START + 9 * SECOND
    lane(other, "C3", next_ok_at=START + MINUTE)
    post.put(lane="C3", due_at=START + 8 * SECOND)
    assert next_send(post.engine) == START + 8 * SECOND
    lane(post, "C4", next_ok_at=START + 7 * SECOND)
    post.put(lane="C4", due_at=START)
    assert next_send(post.engine) == START + 7 * SECOND
    sent = post.put("sent", lane="C9")
    lane(post, "C5", next_ok_at=START)
    post.put(lane="C5", due_at=START + 6 * SECOND, root_id=sent)
    assert next_send(post.engine) == START + 6 * SECOND


def test_looking_for_something_to_do_waits_for_no_writer(post: Post) -> None:
    """Most rounds find nothing: on SQLite that must not cost the others their turn to write."""
    ready_lane(post, "C1")
    assert len(taken(post, most=2)) == 1  # less than it wanted: the next one looks first
    with post.engine.begin() as writer:
        writer.execute(update(Lane).values(next_ok_at=START))
        assert taken(post, most=2) == []
        assert readback.claim_unknown(post.engine, TEAM, START) is None
        assert readback.expire_leases(post.engine, TEAM, START, MINUTE) == 0
        assert next_send_within(post.engine, TEAM, START, START + MINUTE, PACE) == START + MINUTE
        assert next_send(post.engine) is None
