"""The state of the outbox, for people; and which row a message in Slack is."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, or_
from sqlmodel import col, select

from db.core import workspaces
from db.core.tx import Tx
from db.models import Lane, Outbox
from db.outbox.states import (
    BUSY_STATES,
    CANCELLED,
    DEAD,
    EDITS_SUFFIX,
    EXPIRED,
    PENDING,
    POST,
    SENT,
    WORKSPACE_LANE,
)

KEEP_TIME = timedelta(days=90)
_IDLE_TIME = timedelta(hours=1)


@dataclass(frozen=True)
class ParkedLane:
    """A channel or person whose messages wait, why, since when, and how many do."""

    lane: str
    reason: str
    since: datetime
    waiting: int


@dataclass(frozen=True)
class OutboxStatus:
    """The state of delivery. Messages of parked lanes count as "parked", not as "pending"."""

    counts: dict[str, int]
    oldest_due_age: timedelta | None
    parked: list[ParkedLane] = field(default_factory=list)
    workspace_parked: str | None = None  # why nothing at all is sent


def status(tx: Tx, now: datetime) -> OutboxStatus:
    """Counts by state, the age of the oldest message that should have gone, what is parked."""
    parked = _parked_lanes(tx)
    waiting = sum(lane.waiting for lane in parked)
    counts = _counts(tx)
    if waiting:
        counts["parked"] = waiting
        counts[PENDING] -= waiting
    workspace = workspaces.current(tx)
    reason = workspace.parked_reason if workspace else None
    oldest = tx.first(oldest_due(now))
    return OutboxStatus(counts, now - oldest if oldest else None, parked, reason)


def find_message(tx: Tx, channel: str, ts: str) -> int | None:
    """The outbox row that a message in Slack is; for an answer in a thread, that of its root."""
    place = and_(col(Outbox.channel) == channel, col(Outbox.slack_ts) == ts)
    row = tx.first(select(Outbox).where(place, col(Outbox.method) == POST))
    return None if row is None else row.root_id or row.id


def delete_old(tx: Tx, now: datetime) -> int:
    """Deletes idle lanes and what ended long ago; posts that were sent stay, since people react."""
    live = exists().where(
        col(Outbox.workspace_id) == col(Lane.workspace_id),
        col(Outbox.lane) == col(Lane.lane),
        col(Outbox.state).in_((PENDING, *BUSY_STATES)),
    )
    idle = (col(Lane.next_ok_at) < now - _IDLE_TIME, col(Lane.lane) != WORKSPACE_LANE)
    free = (col(Lane.parked_reason).is_(None), col(Lane.lease_until).is_(None), ~live)
    tx.delete(Lane, *idle, *free)
    over = or_(
        col(Outbox.state).in_((EXPIRED, CANCELLED, DEAD)),
        and_(col(Outbox.state) == SENT, col(Outbox.method) != POST),
    )
    return tx.delete(Outbox, over, col(Outbox.created_at) < now - KEEP_TIME)


def _counts(tx: Tx) -> dict[str, int]:
    by_state: Any = select(col(Outbox.state), func.count()).group_by(col(Outbox.state))
    return {state: int(count) for state, count in tx.rows(by_state)}


def _parked_lanes(tx: Tx) -> list[ParkedLane]:
    parked = select(Lane).where(col(Lane.parked_reason).is_not(None)).order_by(col(Lane.lane))
    lanes = tx.all(parked)
    # A channel's posts and its edits are parked together: people are told of one channel.
    return [_parked(tx, lane) for lane in lanes if not lane.lane.endswith(EDITS_SUFFIX)]


def _parked(tx: Tx, lane: Lane) -> ParkedLane:
    both = col(Outbox.lane).in_((lane.lane, lane.lane + EDITS_SUFFIX))
    waiting = tx.count(Outbox, both, col(Outbox.state) == PENDING)
    since = lane.parked_at or lane.next_ok_at
    return ParkedLane(lane.lane, lane.parked_reason or "", since, waiting)


def oldest_due(now: datetime) -> Any:
    """When the message was due that should have gone by now; those of parked lanes do not count."""
    parked = exists().where(
        col(Lane.workspace_id) == col(Outbox.workspace_id),
        col(Lane.lane) == col(Outbox.lane),
        col(Lane.parked_reason).is_not(None),
    )
    due = (col(Outbox.state) == PENDING, col(Outbox.due_at) <= now, ~parked)
    return select(func.min(col(Outbox.due_at))).where(*due)
