"""The breakers: a lane that Slack refuses is parked, and opened when Slack takes it again."""

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import col

from db.core.row_locks import lock_rows
from db.core.tx import Tx
from db.models import Lane
from db.outbox.states import (
    EDITS_SUFFIX,
    PROBE_INTERVAL,
    RATE_LIMIT,
    WORKSPACE_LANE,
    RateLimit,
    base_lane,
)


def park_lane(tx: Tx, lane: str, reason: str, now: datetime) -> bool:
    """Stops a channel's posts and edits; True if it was not parked yet. One message tries again
    every 30 minutes."""
    both = _post_and_edit_lanes(lane)
    for name in both:
        tx.add_once(Lane(lane=name, next_ok_at=now))
    ours = col(Lane.lane).in_(both)
    not_parked = update(Lane).where(ours, col(Lane.parked_reason).is_(None))
    fresh = tx.execute(not_parked.values(parked_at=now))
    tx.execute(update(Lane).where(ours).values(parked_reason=reason, probe_at=now + PROBE_INTERVAL))
    return fresh == len(both)


def open_lane(tx: Tx, lane: str) -> bool:
    """Lets a channel's messages go again: the bot joined, or it was unarchived, or a probe passed.
    `lane` is the channel's or the person's id. True if it was parked."""
    parked = (col(Lane.lane).in_(_post_and_edit_lanes(lane)), col(Lane.parked_reason).is_not(None))
    opened = {"parked_reason": None, "parked_at": None, "probe_at": None}
    return bool(tx.execute(update(Lane).where(*parked).values(**opened)))


def lock_lanes(tx: Tx, lane: str) -> None:
    """Locks a channel's two lanes in one order: both probes of a parked channel may end at once."""
    both = select(Lane).where(col(Lane.lane).in_(_post_and_edit_lanes(lane)))
    tx.all(lock_rows(both.order_by(col(Lane.lane))))


def slow_workspace(tx: Tx, until: datetime, pace: RateLimit = RATE_LIMIT) -> None:
    """Nothing of the workspace is sent before `until`: its bucket is that far in debt."""
    tx.add_once(Lane(lane=WORKSPACE_LANE, next_ok_at=until))
    bucket = (col(Lane.lane) == WORKSPACE_LANE, col(Lane.next_ok_at) < until + pace.slack)
    tx.execute(update(Lane).where(*bucket).values(next_ok_at=until + pace.slack))


def _post_and_edit_lanes(lane: str) -> tuple[str, str]:
    return base_lane(lane), base_lane(lane) + EDITS_SUFFIX
