"""How a claimed message ends. Only the holder of its token writes the end. `at` is when the call
ended. A call whose lease ran out meanwhile finds its row `unknown` with the token still there: then
Slack's answer settles it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, String, bindparam, func, or_, update
from sqlmodel import col, select

from db.core.tx import Tx
from db.core.workspaces import unpark_workspace
from db.models import Lane, Outbox, Workspace
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
    """Sends an update, a private line or a view whose end is not known again, after a pause. The
    lane waits too: the first try may still be on its way and must not overwrite a later one."""
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


# -- what Slack took, many at once; whatever is not plain ends by itself, above


@dataclass(frozen=True)
class SentMessage:
    """A message that Slack took: where it stands, and when the call ended."""

    claim: Claim
    channel: str | None
    ts: str | None
    at: datetime


def is_plain(claim: Claim) -> bool:
    """Whether nothing else than the row and its lane changes when Slack takes the message."""
    return not claim.probing and claim.method != RESPONSE


def mark_sent_bulk(engine: Engine, taken: Sequence[SentMessage]) -> None:
    """Ends plain messages of one batch, if its token still holds them, and gives their lanes back;
    the pause of the lanes counts from the last of these ends."""
    # In one order: transactions that lock several messages or lanes must not meet crosswise.
    by_id = sorted(taken, key=lambda one: one.claim.id)
    batch = taken[0].claim
    free_at = max(one.at for one in taken) + batch.pace.channel
    lanes = {
        "workspace": batch.workspace,
        "token_": batch.token,
        "lanes": sorted(one.claim.lane for one in taken),
        "next_ok": free_at,
    }
    with engine.begin() as connection:
        connection.execute(_SENT, [_row_of(one) for one in by_id])
        connection.execute(_FREE, lanes)
        # Whatever else is wrong, Slack lets us in.
        connection.execute(_UNPARKED, {"workspace": batch.workspace})


def _row_of(one: SentMessage) -> dict[str, Any]:
    where, ts = (one.channel, one.ts) if one.claim.method == POST else (None, None)
    return {"id_": one.claim.id, "token_": one.claim.token, "at": one.at, "where": where, "ts": ts}


# -- statements: of many rows at once, built once, since thousands of messages may pass

_WORKSPACE: Any = bindparam("workspace")

_SENT = (
    update(Outbox)
    .where(
        col(Outbox.id) == bindparam("id_"),
        col(Outbox.token) == bindparam("token_"),
        or_(*(col(Outbox.state) == state for state in BUSY_STATES)),  # `in_` is not for many rows
    )
    .values(
        state=SENT,
        sent_at=bindparam("at"),
        last_error=None,
        channel=func.coalesce(bindparam("where", type_=String), col(Outbox.channel)),
        slack_ts=func.coalesce(bindparam("ts", type_=String), col(Outbox.slack_ts)),
    )
)
_FREE = (
    update(Lane)
    .where(
        col(Lane.workspace_id) == _WORKSPACE,
        col(Lane.lane).in_(bindparam("lanes", expanding=True)),
        col(Lane.token) == bindparam("token_"),
    )
    .values(lease_until=None, token=None, next_ok_at=bindparam("next_ok"))
)
_UNPARKED = (
    update(Workspace)
    .where(col(Workspace.id) == _WORKSPACE, col(Workspace.parked_reason).is_not(None))
    .values(parked_reason=None, parked_until=None)
)
