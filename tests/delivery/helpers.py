"""What the stories of delivery share: a clock one moves, a hand-written Slack, short queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from sqlalchemy import Engine
from sqlmodel import col, select

from bot.nudges.deliver import BATCH_SIZE, claim_next, send
from bot.nudges.readback import claim_unknown, resolve_unknown
from bot.rules.slack_facts import PersonFacts, WorkspaceFacts
from bot.slack import CouldNotRead, Outcome, Sent, Slack
from db.core import workspaces
from db.core.tx import begin, read
from db.members import members
from db.models import Lane, Outbox
from db.outbox import Claim, claim_batch, enqueue_post
from db.outbox.states import RATE_LIMIT, RateLimit

TEAM = "T1"
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def send_batch(
    engine: Engine,
    slack: Slack,
    now: datetime,
    clock: Callable[[], datetime],
    pace: RateLimit = RATE_LIMIT,
    most: int = BATCH_SIZE,
) -> int:
    """Sends the next messages that may go, up to `most`; returns how many there were."""
    claims = claim_next(engine, slack, now, pace, most)
    send(engine, slack, claims, clock)
    return len(claims)


@dataclass
class Clock:
    """The time of a story."""

    now: datetime = START
    _lock: Lock = field(default_factory=Lock)

    def __call__(self) -> datetime:
        return self.now

    def on(self, seconds: float) -> datetime:
        with self._lock:
            self.now += timedelta(seconds=seconds)
            return self.now


@dataclass
class FakeSlack:
    """Slack as delivery sees it. `answers` are taken one a call; then everything is `Sent`.

    An answer may be an outcome (nothing is posted unless it is Sent), or a pair (outcome, True):
    it was posted all the same.
    """

    settle: timedelta = timedelta(seconds=120)
    deadline: float = 15.0
    answers: list[Any] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    posted: list[tuple[str, str, int, str]] = field(default_factory=list)  # channel, ts, id, text
    unreadable: list[CouldNotRead] = field(default_factory=list)
    looks: int = 0
    shown: dict[tuple[str, str], list[tuple[str, list[str]]]] = field(default_factory=dict)

    def workspace_id(self) -> str:
        return TEAM

    def send(self, method: str, args: dict[str, Any]) -> Outcome:
        self.calls.append((method, args))
        answer = self.answers.pop(0) if self.answers else None
        outcome, done = answer if isinstance(answer, tuple) else (answer, answer is None)
        place = self._post(method, args) if done else None
        return outcome or place or Sent()

    def respond(self, url: str, payload: dict[str, Any]) -> Outcome:
        return self.send("response_url", {"url": url, **payload})

    def open_dm(self, user: str) -> str:
        return "D" + user[1:]

    def find_posted(
        self, channel: str, outbox_id: int, oldest: datetime, thread_ts: str | None = None
    ) -> str | None:
        self.looks += 1
        if self.unreadable:
            raise self.unreadable.pop(0)
        here = (ts for where, ts, of, _ in self.posted if (where, of) == (channel, outbox_id))
        return next(here, None)

    def reactions(self, channel: str, ts: str) -> list[tuple[str, list[str]]]:
        return self.shown[channel, ts]

    def texts(self) -> list[str]:
        return [text for _, _, _, text in self.posted]

    def _post(self, method: str, args: dict[str, Any]) -> Sent | None:
        if method != "chat.postMessage":
            return None
        channel = "D" + args["channel"][1:] if args["channel"][0] == "U" else args["channel"]
        ts = f"{1700000000 + len(self.posted)}.000100"
        outbox_id = int(args["metadata"]["event_payload"]["id"])
        self.posted.append((channel, ts, outbox_id, args["text"]))
        return Sent(channel, ts)


@dataclass
class Post:
    """A post office for the stories: engine, Slack and clock in one hand."""

    engine: Engine
    slack: Any
    clock: Clock
    team: str = TEAM

    def say(self, text: str, channel: str = "C1", **more: Any) -> int:
        with begin(self.engine, self.team) as tx:
            return enqueue_post(
                tx,
                dedupe_key=more.pop("key", text),
                kind="nudge",
                channel=channel,
                payload={"text": text, "blocks": []},
                now=self.clock.now,
                **more,
            )

    def put(self, state: str = "pending", **more: Any) -> int:
        """A row in any state, as it would have come to stand there; returns its id."""
        row: dict[str, Any] = {"kind": "nudge", "method": "chat.postMessage", "lane": "C1"}
        row |= {"due_at": self.clock.now, "created_at": self.clock.now, "state": state}
        with begin(self.engine, self.team) as tx:
            put = tx.add(Outbox(**row | {"dedupe_key": f"key {tx.count(Outbox)}"} | more))
            tx.flush()
            return put.id

    def states(self, *ids: int) -> list[str]:
        return [self.state(row_id) for row_id in ids]

    def send(self, at_once: int = 1) -> bool:
        """One by one, so that a story knows what comes first; or some at once."""
        sent = send_batch(self.engine, self.slack, self.clock.now, self.clock, most=at_once)
        return sent > 0

    def look(self) -> bool:
        unknown = claim_unknown(self.engine, self.slack, self.clock.now)
        if unknown is not None:
            resolve_unknown(self.engine, self.slack, unknown, self.clock.now)
        return unknown is not None

    def run(self, seconds: int, step: float = 1.0) -> None:
        """Lets the worker work for a while of the story's time."""
        for _ in range(int(seconds / step)):
            while self.send():
                pass
            while self.look():
                pass
            self.clock.on(step)

    def row(self, outbox_id: int) -> Outbox:
        with read(self.engine, self.team) as tx:
            row = tx.get(Outbox, outbox_id)
        assert row is not None
        return row

    def state(self, outbox_id: int) -> str:
        return self.row(outbox_id).state

    def lane(self, name: str) -> Any:
        with read(self.engine, self.team) as tx:
            return tx.first(select(Lane).where(col(Lane.lane) == name))

    def rows(self) -> Iterator[Outbox]:
        with read(self.engine, self.team) as tx:
            return iter(tx.all(select(Outbox).order_by(col(Outbox.id))))


def settle_in(engine: Engine, now: datetime) -> None:
    """A workspace with one admin in it."""
    workspaces.save_installation(engine, WorkspaceFacts(TEAM, "Harbour", "UBOT"), now)
    admin = PersonFacts("UADMIN", TEAM, "Ada", handle="ada", is_admin=True)
    with begin(engine, TEAM) as tx:
        members.save(tx, admin, now)


def claim(
    engine: Engine, workspace: str, now: datetime, pace: RateLimit = RATE_LIMIT
) -> Claim | None:
    """The next message of a workspace that may be sent now, marked `sending`."""
    return next(iter(claim_batch(engine, workspace, now, 1, pace)), None)
