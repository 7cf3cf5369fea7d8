"""Line 4: finding and claiming what is due among very many messages, beside raw SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import chain
from uuid import uuid4

from bench.data import WORKSPACE, Size, as_text, fill
from bench.figures import Line, cpu_seconds, interleaved
from bench.machine import SQLITE, Machine
from bench.messages import lanes, posts
from bench.servers import context_of
from bot.nudges.deliver import AT_ONCE
from db.outbox import claim_batch
from db.outbox.states import LEASE, Pace

EMPTY = Size(0)
FREE = Pace(timedelta(0), timedelta(0))

# The lanes that waited longest, and of each the message that comes first.
_FIND = """
SELECT l.id, o.id, o.payload FROM lane l JOIN outbox o ON o.id = (
  SELECT f.id FROM outbox f WHERE f.workspace_id = l.workspace_id AND f.lane = l.lane
  AND f.state = 'pending' AND f.due_at <= :now ORDER BY f.due_at, f.id LIMIT 1)
WHERE l.workspace_id = :workspace AND l.next_ok_at <= :now AND l.lease_until IS NULL
  AND l.parked_reason IS NULL
  AND NOT EXISTS (SELECT 1 FROM outbox b WHERE b.workspace_id = l.workspace_id
                  AND b.lane = l.lane AND b.state IN ('sending', 'unknown'))
ORDER BY l.next_ok_at, l.id LIMIT :most"""
_MARK = "UPDATE outbox SET state = 'sending', token = ?, started_at = ? WHERE id = ?"
_LEASE = "UPDATE lane SET lease_until = ?, token = ?, next_ok_at = ? WHERE id = ?"


def lines(machine: Machine) -> Iterator[Line]:
    due = machine.sized(10_000, AT_ONCE * machine.runs)
    everything = machine.sized(1_000_000, 1_000)
    each = due // machine.runs // AT_ONCE  # batches in a run
    original = _filled(machine, due, everything)
    urls = [machine.store.copy_of(original) for _ in range(2)]
    found = interleaved(
        {"ours": _ours(urls[0], each), "raw": _raw(machine, urls[1], each)}, machine.runs
    )
    for url in (*urls, f"sqlite:///{original}"):
        machine.store.discard(url)
    yield Line(
        "4",
        "finding and claiming messages that are due, processor time",
        f"{due:,} due, each in its own channel, among {everything:,}, "
        f"in transactions of {AT_ONCE}, {SQLITE}",
        f"{found['ours'] / AT_ONCE * 1e6:,.0f} µs a message",
        f"the same in raw SQL: {found['raw'] / AT_ONCE * 1e6:,.0f} µs a message",
        found["ours"] / found["raw"],
        1.5,
    )


def _filled(machine: Machine, due: int, everything: int) -> str:
    """A database with so many messages: most were sent, some are for later, some are due."""
    path = machine.store.empty()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("BEGIN")
    past, later = machine.now - timedelta(hours=1), machine.now + timedelta(days=3)
    fill(connection, "lane", lanes(due, past, as_text))
    waiting = (everything - due) // 10
    sent = everything - due - waiting
    rows = chain(
        posts(sent, due, past, as_text, "sent"),
        posts(waiting, due, later, as_text, first=sent),
        posts(due, due, past, as_text, first=sent + waiting),
    )
    fill(connection, "outbox", rows)
    fill(connection, "workspace", [_workspace(machine)])
    connection.execute("COMMIT")
    connection.close()
    return str(path)


def _workspace(machine: Machine) -> dict[str, object]:
    began = as_text(machine.now)
    return {"id": WORKSPACE, "name": "Bench", "bot_user_id": "U0BOT", "created_at": began}


def _ours(url: str, each: int) -> Callable[[], float]:
    context = context_of(url)

    def one() -> None:
        found = claim_batch(context.engine, WORKSPACE, context.now(), AT_ONCE, FREE)
        assert len(found) == AT_ONCE

    return lambda: cpu_seconds(one, each)


def _raw(machine: Machine, url: str, each: int) -> Callable[[], float]:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    now, until = as_text(machine.now), as_text(machine.now + LEASE)

    asked = {"workspace": WORKSPACE, "now": now, "most": AT_ONCE}

    def one() -> None:
        token = uuid4().hex
        connection.execute("BEGIN IMMEDIATE")
        rows = connection.execute(_FIND, asked).fetchall()
        assert len(rows) == AT_ONCE
        connection.executemany(_MARK, [(token, now, row) for _, row, _ in rows])
        connection.executemany(_LEASE, [(until, token, now, lane) for lane, _, _ in rows])
        connection.execute("COMMIT")

    return lambda: cpu_seconds(one, each)
