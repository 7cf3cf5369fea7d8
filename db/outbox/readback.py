"""Messages that Slack may have or not, and what reading the channel back has shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, Update, and_, select, update
from sqlmodel import col

from db.core.all_workspaces import reading
from db.core.tx import Tx
from db.models import Lane, Outbox, Workspace
from db.outbox.claim import Claim
from db.outbox.enqueue import cancel_followers
from db.outbox.lanes import open_lane
from db.outbox.states import (
    DEAD,
    HELD,
    LOOK_INTERVAL,
    MAX_FAILURES,
    MAX_UNREADABLE_ROUNDS,
    PENDING,
    SENDING,
    SENT,
    SETTLE_TIME,
    UNKNOWN,
    base_lane,
)


@dataclass(frozen=True)
class UnknownMessage:
    """One unknown message, claimed until its next look is due."""

    id: int
    workspace: str
    lane: str
    method: str
    token: str
    attempt: int
    rounds: int
    absent_once: bool
    started_at: datetime
    settles_at: datetime
    root_id: int | None


def claim_unknown(engine: Engine, workspace: str, now: datetime) -> UnknownMessage | None:
    """The unknown message whose look is most overdue; its next look moves on in the same step."""
    due = _due_look(workspace, now)
    with reading(engine) as connection:
        if connection.execute(due).first() is None:
            return None
    with engine.begin() as connection:
        row = connection.execute(due.with_for_update(skip_locked=True)).first()
        if row is None:
            return None
        connection.execute(
            update(Outbox).where(col(Outbox.id) == row.id).values(check_at=now + LOOK_INTERVAL)
        )
    return UnknownMessage(
        **{**row._asdict(), "workspace": workspace, "settles_at": row.settles_at or now}
    )


def thread_place(tx: Tx, doubt: UnknownMessage) -> tuple[str, str] | None:
    """Channel and ts of the thread it belongs into, if it is an answer."""
    row = tx.get(Outbox, doubt.id)
    if row is not None and doubt.root_id is None and row.payload.get("thread_ts"):
        return base_lane(row.lane), str(row.payload["thread_ts"])  # under somebody else's message
    root = tx.get(Outbox, doubt.root_id)
    if root is None or not root.channel or not root.slack_ts:
        return None
    return root.channel, root.slack_ts


def mark_found(tx: Tx, doubt: UnknownMessage, channel: str, ts: str, now: datetime) -> None:
    """It is there: it was sent."""
    if _end_look(tx, doubt, state=SENT, channel=channel, slack_ts=ts, sent_at=now, last_error=None):
        open_lane(tx, doubt.lane)


def mark_absent(tx: Tx, doubt: UnknownMessage, now: datetime) -> None:
    """A complete look did not show it. Before the settle window is over that says nothing. After
    it, two looks 60 s apart say that the call failed, and the message goes again."""
    if now < doubt.settles_at:
        _end_look(tx, doubt, check_at=doubt.settles_at)
    elif not doubt.absent_once:
        _end_look(tx, doubt, absent_once=True, check_at=now + LOOK_INTERVAL)
    elif doubt.attempt + 1 >= MAX_FAILURES:
        _end_look(tx, doubt, state=DEAD, attempt=doubt.attempt + 1)
        cancel_followers(tx, doubt.id)
    else:
        _end_look(tx, doubt, state=PENDING, token=None, attempt=doubt.attempt + 1)


def mark_unreadable(tx: Tx, doubt: UnknownMessage, why: str, now: datetime) -> bool:
    """The channel could not be read. True if a person has to decide now, after three rounds."""
    rounds = doubt.rounds + 1
    if rounds < MAX_UNREADABLE_ROUNDS:
        _end_look(tx, doubt, rounds=rounds, check_at=now + LOOK_INTERVAL, last_error=why)
        return False
    return _end_look(tx, doubt, state=HELD, rounds=rounds, last_error=why)


def postpone_look(tx: Tx, doubt: UnknownMessage, at: datetime) -> None:
    """Nothing could be asked (no connection, or too many requests): no round was lost."""
    _end_look(tx, doubt, check_at=at)


def as_claim(doubt: UnknownMessage) -> Claim:
    """The claim that the message had, for one that may simply be said again."""
    names = ("id", "workspace", "lane", "method", "token", "attempt", "started_at")
    return Claim(
        **{name: getattr(doubt, name) for name in names},
        row=None,
        lease_until=doubt.started_at,
        probing=False,
        shared_outside=False,
    )


def _due_look(workspace: str, now: datetime) -> Select[Any]:
    # A workspace that Slack does not let in cannot be read: its rows wait, and lose no round.
    open_workspace = (
        select(col(Workspace.id))
        .where(col(Workspace.id) == workspace, col(Workspace.parked_reason).is_(None))
        .exists()
    )
    due = (
        col(Outbox.workspace_id) == workspace,
        col(Outbox.state) == UNKNOWN,
        col(Outbox.check_at) <= now,
        open_workspace,
    )
    names = [name for name in UnknownMessage.__dataclass_fields__ if name != "workspace"]
    columns = [getattr(Outbox, name) for name in names]
    return select(*columns).where(*due).order_by(col(Outbox.check_at), col(Outbox.id)).limit(1)


def _end_look(tx: Tx, doubt: UnknownMessage, **values: Any) -> bool:
    mine = (col(Outbox.id) == doubt.id, col(Outbox.token) == doubt.token)
    return bool(
        tx.execute(update(Outbox).where(*mine, col(Outbox.state) == UNKNOWN).values(**values))
    )


def recover_interrupted(engine: Engine, now: datetime, settle: timedelta = SETTLE_TIME) -> int:
    """At start, where one process does all the sending: what was `sending` is `unknown`."""
    with engine.begin() as connection:
        lost = connection.execute(_mark_unknown(now, settle, col(Outbox.state) == SENDING))
        connection.execute(update(Lane).values(lease_until=None, token=None))
        return lost.rowcount


def expire_leases(engine: Engine, workspace: str, now: datetime, settle: timedelta) -> int:
    """Makes messages whose lease ran out `unknown`, never pending; returns how many."""
    is_over = and_(col(Lane.workspace_id) == workspace, col(Lane.lease_until) <= now)
    tokens = select(col(Lane.token)).where(is_over)
    with reading(engine) as connection:
        if connection.execute(tokens.limit(1)).first() is None:
            return 0
    with engine.begin() as connection:
        mine = and_(col(Outbox.state) == SENDING, col(Outbox.token).in_(tokens))
        lost = connection.execute(_mark_unknown(now, settle, mine))
        connection.execute(update(Lane).where(is_over).values(lease_until=None, token=None))
        return lost.rowcount


def _mark_unknown(now: datetime, settle: timedelta, which: ColumnElement[bool]) -> Update:
    return (
        update(Outbox)
        .where(which)
        .values(state=UNKNOWN, check_at=now, settles_at=now + settle, rounds=0, absent_once=False)
    )
