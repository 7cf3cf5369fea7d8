"""How a claimed message ends. Only the holder of its token writes the end.

`at` is when the call ended. A call whose lease ran out meanwhile finds its row `unknown` with the
token still there: then Slack's answer settles it.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from db.core.tx import Tx
from db.core.workspaces import unpark_workspace
from db.models import Lane, Outbox
from db.outbox.claim import Claim
from db.outbox.enqueue import cancel_followers
from db.outbox.lanes import lock_lanes, open_lane, slow_workspace
from db.outbox.states import (
    BUSY_STATES,
    CANCELLED,
    DEAD,
    EXPIRED,
    FIRST_LOOK_DELAY,
    MAX_FAILURES,
    OFFLINE_PAUSE,
    PENDING,
    POST,
    RESPONSE,
    SENT,
    UNKNOWN,
    UPDATE,
    backoff,
)


def mark_sent(tx: Tx, claim: Claim, channel: str | None, ts: str | None, at: datetime) -> bool:
    """Slack took it. False if the row was ended by another meanwhile."""
    place = {"channel": channel, "slack_ts": ts} if claim.method == POST else {}
    mine = _end_claim(tx, claim, state=SENT, sent_at=at, last_error=None, **place)
    _release(tx, claim, at + claim.pace.channel)
    if claim.probing:
        open_lane(tx, claim.channel)
    unpark_workspace(tx)
    return mine


def return_claim(tx: Tx, claim: Claim, at: datetime, why: str | None = None) -> None:
    """The call was never begun, or Slack asked to come back: as if it had not been claimed."""
    _end_claim(tx, claim, state=PENDING, token=None, last_error=why)
    _release(tx, claim, at)


def mark_rate_limited(tx: Tx, claim: Claim, until: datetime, whole_workspace: bool) -> None:
    """429: the lane comes back at `until`; the workspace too, if no channel was meant."""
    if whole_workspace:
        slow_workspace(tx, until, claim.pace)
    _end_claim(tx, claim, state=PENDING, token=None, last_error="rate limited")
    _release(tx, claim, until)


def mark_offline(tx: Tx, claim: Claim, at: datetime, why: str) -> None:
    """No connection was made, so nothing was sent; it does not count as a failure."""
    slow_workspace(tx, at + OFFLINE_PAUSE, claim.pace)
    return_claim(tx, claim, at + OFFLINE_PAUSE, why)


def mark_refused(tx: Tx, claim: Claim, error: str, permanent: bool, at: datetime) -> bool:
    """Slack said no, definitely. True if that was the message's end."""
    attempt = claim.attempt + 1
    if permanent or attempt >= MAX_FAILURES:
        return mark_dead(tx, claim, error, at)
    # The others of the lane go on: the row that fails waits by itself.
    due = at + backoff(claim.id, attempt)
    _end_claim(tx, claim, state=PENDING, token=None, due_at=due, attempt=attempt, last_error=error)
    _release(tx, claim, at + claim.pace.channel)
    return False


def mark_dead(tx: Tx, claim: Claim, error: str, at: datetime) -> bool:
    """It will never be sent, and neither will what waits for it."""
    mine = _end_claim(tx, claim, state=DEAD, last_error=error)
    _release(tx, claim, at + claim.pace.channel)
    if mine and claim.method == POST:
        cancel_followers(tx, claim.id)
    return mine


def mark_dropped(tx: Tx, claim: Claim, why: str, at: datetime) -> None:
    """It is not tried again, and nobody is asked about it."""
    _end_claim(tx, claim, state=EXPIRED, last_error=why)
    _release(tx, claim, at + claim.pace.channel)


def mark_deleted(tx: Tx, claim: Claim, why: str, at: datetime) -> int | None:
    """Somebody deleted the message that this update was to change: it counts as lost. Returns its
    outbox id."""
    mark_dropped(tx, claim, why, at)
    row = tx.get(Outbox, claim.id)
    root = tx.lock(Outbox, row.root_id if row is not None else None)
    if root is None:
        return None
    root.state, root.last_error = CANCELLED, why
    cancel_followers(tx, root.id)
    return root.id


def mark_unknown(tx: Tx, claim: Claim, why: str, at: datetime, settle: timedelta) -> None:
    """Slack may have it. Posts are read back; all else is sent again."""
    if claim.method != POST:
        retry_later(tx, claim, why, at)
        return
    values = {"check_at": at + FIRST_LOOK_DELAY, "settles_at": at + settle}
    _end_claim(tx, claim, state=UNKNOWN, rounds=0, absent_once=False, last_error=why, **values)
    _release(tx, claim, at + claim.pace.channel)


def retry_later(tx: Tx, claim: Claim, why: str, at: datetime) -> None:
    """Sends an update, a private line or a view whose end is not known again, after a pause.

    The lane waits too: the first try may still be on its way and must not overwrite a later one.
    """
    if claim.method == UPDATE and _has_newer_version(tx, claim.id):
        _end_claim(tx, claim, state=CANCELLED, last_error=why)
        _release(tx, claim, at + backoff(claim.id, 1))
    elif not mark_refused(tx, claim, why, False, at):
        _release_lane(tx, claim.lane, at + backoff(claim.id, claim.attempt + 1))


def _has_newer_version(tx: Tx, update_id: int) -> bool:
    row = tx.get(Outbox, update_id)
    if row is None:
        return False
    newer = (col(Outbox.root_id) == row.root_id, col(Outbox.method) == UPDATE)
    return tx.count(Outbox, *newer, col(Outbox.id) > update_id) > 0


def _end_claim(tx: Tx, claim: Claim, **values: Any) -> bool:
    claimed = update(Outbox).filter_by(id=claim.id, token=claim.token)
    return bool(tx.execute(claimed.where(col(Outbox.state).in_(BUSY_STATES)).values(**values)))


def _release(tx: Tx, claim: Claim, next_ok: datetime) -> None:
    """Gives the lane back, unless its lease ran out and somebody else holds it."""
    if claim.probing:
        lock_lanes(tx, claim.lane)
    leased = update(Lane).filter_by(lane=claim.lane, token=claim.token)
    tx.execute(leased.values(lease_until=None, token=None, next_ok_at=next_ok))
    if claim.method == RESPONSE:
        _drop_if_idle(tx, claim.lane)


def _release_lane(tx: Tx, lane: str, next_ok: datetime) -> None:
    tx.execute(update(Lane).filter_by(lane=lane, token=None).values(next_ok_at=next_ok))


def _drop_if_idle(tx: Tx, lane: str) -> None:
    # A response_url is used once: its lane would stay for ever.
    live = select(col(Outbox.id)).where(
        col(Outbox.lane) == lane, col(Outbox.state).in_((PENDING, *BUSY_STATES))
    )
    if tx.first(live) is None:
        tx.delete(Lane, col(Lane.lane) == lane)
