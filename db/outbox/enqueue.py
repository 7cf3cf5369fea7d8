"""Puts messages into the outbox, rendered, in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Lane, Outbox
from db.outbox.pending import cancel_waiting, followers, lock_message
from db.outbox.states import (
    CANCELLED,
    DELETE,
    EDITS_SUFFIX,
    ENDED_UNSENT_STATES,
    MAX_MARKS,
    PENDING,
    POST,
    SENT,
    UPDATE,
)

Payload = dict[str, Any]


def enqueue_post(
    tx: Tx,
    *,
    dedupe_key: str,
    kind: str,
    channel: str,
    payload: Payload,
    now: datetime,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    thread_of: int | None = None,
    marks: Sequence[str] = (),
) -> int:
    """A message to a channel (`C…`) or a person (`U…`); returns its outbox id. `payload` is
    {"text", "blocks"}. `thread_of` is the outbox row whose thread it answers in: it waits until
    that one is sent, and is cancelled with it. A `dedupe_key` that exists is a no-op. `marks`
    (db/touchpoints/message_marks.py) are what it is known by after a restore."""
    root = _thread_root(tx, thread_of)
    return insert(
        tx,
        dedupe_key=dedupe_key,
        kind=kind,
        method=POST,
        lane=channel,
        payload=payload,
        marks=list(marks[:MAX_MARKS]) or None,
        root_id=root,
        state=_first_state(tx, root),
        due_at=due_at or now,
        expires_at=expires_at,
        created_at=now,
    )


def adopt_post(
    tx: Tx,
    *,
    kind: str,
    lane: str,
    channel: str,
    ts: str,
    now: datetime,
    dedupe_key: str | None = None,
) -> int:
    """A message that stands in Slack already, as a row that was sent; returns its outbox id."""
    place = (col(Outbox.channel) == channel, col(Outbox.slack_ts) == ts)
    known = tx.first(select(col(Outbox.id)).where(*place, col(Outbox.method) == POST))
    if known is not None:
        return known
    return insert(
        tx,
        dedupe_key=dedupe_key or f"found:{channel}:{ts}",
        kind=kind,
        method=POST,
        lane=lane,
        state=SENT,
        channel=channel,
        slack_ts=ts,
        due_at=now,
        sent_at=now,
        created_at=now,
    )


def enqueue_update(tx: Tx, *, target: int, version: int, payload: Payload, now: datetime) -> int:
    """New content for the message of outbox row `target`; returns the update's outbox id. It waits
    until the target is sent. Older updates that wait are cancelled: only the last one counts.
    `version` grows with each update; the same version twice is a no-op."""
    dedupe_key, lane = f"update:{target}:{version}", _edits_lane(tx, target)
    state = _first_state(tx, target)
    if all(key != dedupe_key for _, key, _, _ in followers(tx, target)):
        cancel_waiting(tx, target, UPDATE)
    return insert(
        tx,
        dedupe_key=dedupe_key,
        kind="update",
        method=UPDATE,
        lane=lane,
        payload=payload,
        root_id=target,
        state=state,
        due_at=now,
        created_at=now,
    )


def enqueue_delete(tx: Tx, *, target: int, now: datetime) -> int:
    """Deletes the message of outbox row `target` in Slack; updates that wait for it are cancelled.
    Twice is the same as once."""
    lane = _edits_lane(tx, target)
    others = (col(Outbox.root_id) == target, col(Outbox.method) != DELETE)
    tx.execute(update(Outbox).where(*others, col(Outbox.state) == PENDING).values(state=CANCELLED))
    return insert(
        tx,
        dedupe_key=f"delete:{target}",
        kind="delete",
        method=DELETE,
        lane=lane,
        root_id=target,
        state=_first_state(tx, target),
        due_at=now,
        created_at=now,
    )


def cancel(tx: Tx, outbox_id: int) -> bool:
    """Takes back a message that has not been begun; False if it has, or has ended."""
    row = lock_message(tx, outbox_id)
    if row is None or row.state != PENDING:
        return False
    row.state = CANCELLED
    cancel_followers(tx, outbox_id)
    return True


def cancel_followers(tx: Tx, root_id: int) -> None:
    """Cancels the replies and updates that wait for a message that will never be sent."""
    waiting = update(Outbox).filter_by(root_id=root_id, state=PENDING)
    tx.execute(waiting.values(state=CANCELLED))


def _edits_lane(tx: Tx, target: int) -> str:
    row = tx.get(Outbox, target)
    if row is None:
        raise LookupError(f"no outbox row {target} to change")
    return row.lane + EDITS_SUFFIX


def _thread_root(tx: Tx, row_id: int | None) -> int | None:
    """A thread hangs on its first message: an answer to an answer hangs there too."""
    row = tx.get(Outbox, row_id)
    return row_id if row is None or row.root_id is None else row.root_id


def _first_state(tx: Tx, root_id: int | None) -> str:
    root = lock_message(tx, root_id)
    if root is None:
        return PENDING
    nowhere = root.state == SENT and not root.slack_ts  # "mark sent" by hand: place not known
    return CANCELLED if root.state in ENDED_UNSENT_STATES or nowhere else PENDING


def insert(tx: Tx, *, dedupe_key: str, lane: str, created_at: datetime, **columns: Any) -> int:
    """A message and its lane; returns its outbox id, that of the first where the key is known."""
    row = tx.add_once(Outbox(dedupe_key=dedupe_key, lane=lane, created_at=created_at, **columns))
    if row is None:
        return tx.one(select(col(Outbox.id)).where(col(Outbox.dedupe_key) == dedupe_key))
    tx.add_once(Lane(lane=lane, next_ok_at=created_at))
    return row.id
