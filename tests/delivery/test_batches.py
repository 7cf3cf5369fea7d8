"""Several messages at once: one transaction claims them, and each ends as it would alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update
from sqlmodel import col

from bot.nudges import charts
from bot.nudges.deliver import send
from bot.slack import Outcome, RateLimited, Reach, Refused, Sent, Unknown
from db.core.tx import begin, read
from db.models import Lane, Outbox
from db.outbox import claim_batch, enqueue_post, enqueue_update, outcomes, recover_interrupted
from db.outbox.select_due import next_send_within
from db.outbox.states import RATE_LIMIT
from tests.databases import BOTH
from tests.delivery.helpers import TEAM, Clock, FakeSlack, Post, settle_in

pytestmark = BOTH

MANY = 16


class ManyDoors(FakeSlack):
    """Slack that answers each channel as it was told to."""

    def __init__(self) -> None:
        super().__init__()
        self.doors: dict[str, Callable[[], Outcome | None]] = {}
        self._lock = threading.Lock()

    def send(self, method: str, args: dict[str, Any]) -> Outcome:
        told = self.doors.pop(args["channel"], lambda: None)()
        with self._lock:
            return told or super().send(method, args)


@pytest.fixture
def office(engine: Engine, clock: Clock) -> Post:
    settle_in(engine, clock.now)
    return Post(engine, ManyDoors(), clock)


def say_in_each(post: Post, channels: int, each: int = 1) -> list[int]:
    return [
        post.say(f"{channel} {number}", channel=f"C{channel}")
        for number in range(each)
        for channel in range(channels)
    ]


def no_lane_is_held(post: Post) -> bool:
    with read(post.engine, TEAM) as tx:
        return tx.count(Lane, col(Lane.lease_until).is_not(None)) == 0


def test_a_batch_takes_the_first_of_each_channel_and_calls_for_all_at_once(office: Post) -> None:
    rows = say_in_each(office, channels=4, each=2)
    together = threading.Barrier(4)
    for channel in range(4):
        office.slack.doors[f"C{channel}"] = lambda: together.wait(30) and None
    assert office.send(MANY)
    assert [office.state(row) for row in rows] == ["sent"] * 4 + ["pending"] * 4
    assert not office.send(MANY)  # each channel waits for its second
    assert no_lane_is_held(office)
    office.clock.on(1)
    assert office.send(MANY)
    for channel in range(4):
        mine = [text for where, _, _, text in office.slack.posted if where == f"C{channel}"]
        assert mine == [f"{channel} 0", f"{channel} 1"]


def test_a_batch_keeps_to_the_pace_of_the_workspace(office: Post) -> None:
    say_in_each(office, channels=20)
    assert office.send(MANY)
    assert len(office.slack.posted) == 11  # the burst, and the first
    assert not office.send(MANY)
    office.clock.on(1)
    assert office.send(MANY)
    assert len(office.slack.posted) == 16  # five a second


def test_what_goes_wrong_with_some_harms_no_other(office: Post) -> None:
    def breaks() -> Outcome:
        raise RuntimeError("a mistake of ours, in the middle of a call")

    ends: list[Callable[[], Outcome | None]] = [
        lambda: None,
        lambda: Unknown("HTTP 500"),
        lambda: RateLimited(30),
        lambda: Refused("invalid_blocks", permanent=True),
        lambda: Refused("is_archived", permanent=False, reach=Reach.CHANNEL),
        breaks,
        lambda: None,
    ]
    rows = say_in_each(office, channels=len(ends))
    office.slack.doors = {f"C{channel}": end for channel, end in enumerate(ends)}
    assert office.send(MANY)
    wanted = ["sent", "unknown", "pending", "dead", "pending", "unknown", "sent"]
    assert [office.state(row) for row in rows] == wanted
    assert office.lane("C2").next_ok_at == office.clock.now + timedelta(seconds=30)
    assert office.lane("C4").parked_reason == "is_archived"
    assert no_lane_is_held(office)


def test_a_row_of_which_no_call_can_be_made_ends_alone_among_many(office: Post) -> None:
    rows = say_in_each(office, channels=3)
    with begin(office.engine, TEAM) as tx:
        tx.execute(update(Outbox).where(col(Outbox.id) == rows[1]).values(payload=None))
    assert office.send(MANY)
    assert [office.state(row) for row in rows] == ["sent", "dead", "sent"]


def test_a_call_that_hangs_keeps_no_other_from_being_written_down(
    office: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = threading.Event()
    real = outcomes.mark_sent_bulk

    def write(engine: Engine, taken: Any) -> None:
        real(engine, taken)
        written.set()

    monkeypatch.setattr(outcomes, "mark_sent_bulk", write)
    seen: list[list[str]] = []

    def hangs() -> None:
        assert written.wait(30)
        seen.append([office.state(row) for row in rows])

    rows = say_in_each(office, channels=3)
    office.slack.doors["C0"] = hangs
    assert office.send(MANY)
    assert seen == [["sending", "sent", "sent"]]
    assert office.state(rows[0]) == "sent"


def test_a_call_that_hangs_is_given_up_at_its_end_and_a_picture_has_its_whole_lease(
    office: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_up, over = threading.Event(), threading.Event()
    real = outcomes.mark_unknown

    def unknown(*told: Any) -> Any:
        given_up.set()
        return real(*told)

    def drawn_later(*_: object) -> Outcome:
        return Sent() if given_up.wait(30) else Unknown("the other call was never given up")

    monkeypatch.setattr(outcomes, "mark_unknown", unknown)
    monkeypatch.setattr(charts, "post_with_picture", drawn_later)
    office.slack.deadline = 0.1
    office.slack.doors["C0"] = lambda: over.wait(30) and None
    hung = office.say("never answered", channel="C0")
    now = office.clock.now
    with begin(office.engine, TEAM) as tx:
        payload: dict[str, Any] = {"text": "a digest", "picture": {"name": "pace"}}
        more: dict[str, Any] = {"kind": "digest", "payload": payload, "now": now}
        drawn = enqueue_post(tx, dedupe_key="p", channel="C1", **more)
    assert office.send(MANY)
    over.set()
    assert office.states(hung, drawn) == ["unknown", "sent"]
    assert office.row(hung).last_error == "no complete answer within 0.1 s"
    assert office.lane("C0").next_ok_at == now + RATE_LIMIT.channel


@pytest.mark.parametrize("starts_again", [True, False], ids=["restart", "lease"])
def test_a_batch_that_is_cut_off_half_way_loses_and_doubles_nothing(
    office: Post, starts_again: bool
) -> None:
    rows = say_in_each(office, channels=5, each=2)
    claims = claim_batch(office.engine, TEAM, office.clock.now, MANY)
    for mine in claims[:3]:  # then its process is gone, and has written nothing down
        office.slack.send(mine.method, mine.args)
    assert len(claims) == 5
    if starts_again:
        assert recover_interrupted(office.engine, office.clock.on(1)) == 5
    office.run(330, step=5)
    assert [office.state(row) for row in rows] == ["sent"] * 10
    posted = [row_id for _, _, row_id, _ in office.slack.posted]
    assert sorted(posted) == rows
    for channel in range(5):
        texts = [text for where, _, _, text in office.slack.posted if where == f"C{channel}"]
        assert texts == [f"{channel} 0", f"{channel} 1"]


def test_ends_that_could_not_be_written_are_read_back(
    office: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OSError("the database is away")

    rows = say_in_each(office, channels=3)
    with monkeypatch.context() as patched:
        patched.setattr(outcomes, "mark_sent_bulk", away)
        assert office.send(MANY)
    assert [office.state(row) for row in rows] == ["sending"] * 3
    office.run(70)
    assert [office.state(row) for row in rows] == ["sent"] * 3
    assert len(office.slack.posted) == 3


def test_a_batch_that_slept_through_its_lease_makes_no_call(office: Post) -> None:
    rows = say_in_each(office, channels=3)
    claims = claim_batch(office.engine, TEAM, office.clock.now, MANY)
    office.clock.on(90)
    office.look()  # another worker ends its leases
    send(office.engine, office.slack, claims, office.clock)
    assert not office.slack.posted
    assert [office.state(row) for row in rows] == ["pending"] * 3
    office.run(10)
    assert len(office.slack.posted) == 3


def test_an_end_that_comes_after_somebody_else_began_changes_nothing(office: Post) -> None:
    rows = say_in_each(office, channels=2)
    late = claim_batch(office.engine, TEAM, office.clock.now, MANY)
    office.clock.on(61)
    office.run(190)  # looked for, absent, sent again
    places = [office.row(row).slack_ts for row in rows]
    next_ok = office.lane("C0").next_ok_at
    taken = [outcomes.SentMessage(mine, mine.lane, "9.9", office.clock.now) for mine in late]
    outcomes.mark_sent_bulk(office.engine, taken)
    assert [office.row(row).slack_ts for row in rows] == places
    assert office.lane("C0").next_ok_at == next_ok


def test_an_update_in_a_batch_keeps_the_place_of_its_message(office: Post) -> None:
    root = office.say("root", channel="C0")
    office.send()
    ts = office.row(root).slack_ts
    with begin(office.engine, TEAM) as tx:
        face = {"text": "new", "blocks": []}
        update = enqueue_update(tx, target=root, version=2, payload=face, now=office.clock.now)
    office.say("elsewhere", channel="C1")
    assert office.send(MANY)
    assert (office.state(update), office.row(update).slack_ts) == ("sent", None)
    assert office.row(root).slack_ts == ts


# -- when to look again


def looks_again(post: Post, seconds: float = 60) -> datetime:
    until = post.clock.now + timedelta(seconds=seconds)
    return next_send_within(post.engine, TEAM, post.clock.now, until, RATE_LIMIT)


def test_the_next_look_is_when_the_first_channel_may_get_its_next_message(office: Post) -> None:
    assert looks_again(office) == office.clock.now + timedelta(seconds=60)
    say_in_each(office, channels=1, each=2)
    office.send()
    ended = office.clock.now
    office.clock.on(0.4)
    assert looks_again(office) == ended + RATE_LIMIT.channel
    assert looks_again(office, seconds=0.5) == office.clock.now + timedelta(seconds=0.5)


def test_the_next_look_is_when_a_message_falls_due(office: Post) -> None:
    due = office.clock.now + timedelta(seconds=7)
    office.say("later", due_at=due)
    assert looks_again(office) == due


def test_the_next_look_is_when_the_workspace_may_send_again(office: Post) -> None:
    say_in_each(office, channels=20)
    office.send(MANY)
    assert looks_again(office) == office.clock.now + RATE_LIMIT.workspace
