"""Takes one message to be sent: a lane nobody holds, leased, and its oldest due row.

The claim commits before the call begins, so that a process that dies in the call leaves a row that
says «sending», and never a row that looks as if it had not been tried.

On PostgreSQL the lane is taken with FOR UPDATE SKIP LOCKED, so that workers do not wait for each
other; SQLite has no such clause and needs none, because BEGIN IMMEDIATE lets one writer in at a
time. SQLAlchemy leaves the clause out there: the statement is one and the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, and_, bindparam, exists, or_, select, update
from sqlmodel import col

from db.models import Channel, Lane, Outbox, Workspace
from db.once import insert_once_on
from db.outbox.arguments import arguments
from db.outbox.states import (
    BUSY,
    CANCELLED,
    DEAD,
    EXPIRED,
    FILE,
    LEASE,
    PACE,
    PENDING,
    POST,
    PROBE,
    SENDING,
    SENT,
    UPDATE,
    WORKSPACE_LANE,
    Pace,
    base_lane,
)

# Not `aliased`, which is made up at its first use: by two threads at once, it stays wrong.
_ROOT = Outbox.__table__.alias("root").c  # type: ignore[attr-defined]

# Statements are built once and told these at each call: building them costs more than running them.
_WORKSPACE: Any = bindparam("workspace")
_NOW: Any = bindparam("now")
_IN_LANE: Any = bindparam("in_lane")


@dataclass(frozen=True)
class Claim:
    """One message that this process may send now, until `lease_until`."""

    id: int
    workspace: str
    lane: str
    method: str
    args: dict[str, Any]  # the call's arguments
    token: str
    attempt: int  # definite failures so far
    started_at: datetime
    lease_until: datetime
    probing: bool  # the lane is parked: this call finds out whether it still has to be
    shared_outside: bool  # outsiders read that channel: this must not be sent
    pace: Pace = PACE

    @property
    def channel(self) -> str:
        """The channel or user that the lane belongs to."""
        return base_lane(self.lane)


def claim(engine: Engine, workspace: str, now: datetime, pace: Pace = PACE) -> Claim | None:
    """The next message of a workspace that may be sent now, marked `sending`; None if none may.

    Rows past their `expires_at` end on the way.
    """
    here = {"workspace": workspace, "now": now}
    with engine.execution_options(linchpin_read=True).begin() as connection:
        # Most rounds find nothing: that must not cost the handlers their turn at the write lock.
        if connection.execute(_free_lane(False), here).first() is None:
            return None
    with engine.begin() as connection:
        if not _workspace_may_send(connection, workspace, now, pace):
            return None
        while lane := connection.execute(_free_lane(True), here).first():
            _expire(connection, workspace, lane.lane, now)
            row = connection.execute(_oldest_due(), {**here, "in_lane": lane.lane}).first()
            args = None if row is None else _arguments(connection, row)
            if args is not None:
                return _begin(connection, lane, row, args, now, pace)
    return None


# -- the workspace: its breaker and its bucket


def _workspace_may_send(connection: Connection, workspace: str, now: datetime, pace: Pace) -> bool:
    # The bucket first: claims of a workspace come one after the other, and see what the last did.
    bucket = _bucket(connection, workspace, now)
    known = connection.execute(
        select(
            col(Workspace.parked_reason), col(Workspace.parked_until), col(Workspace.restored_at)
        ).where(col(Workspace.id) == workspace)
    ).first()
    if known is None or known.restored_at is not None:
        return False
    if known.parked_reason and known.parked_until and known.parked_until > now:
        return False
    return bucket - pace.slack <= now


def _bucket(connection: Connection, workspace: str, now: datetime) -> datetime:
    """When the workspace's next message would be due at an even pace; locks its row."""
    here = {"workspace": workspace, "in_lane": WORKSPACE_LANE}
    at = connection.scalar(_next_ok(), here)
    if at is None:
        first = Lane(workspace_id=workspace, lane=WORKSPACE_LANE, next_ok_at=now)
        insert_once_on(connection, first)
        at = connection.scalar(_next_ok(), here)  # another worker may have put it there
    return at or now


def _spend(connection: Connection, workspace: str, now: datetime, pace: Pace) -> None:
    even = max(_bucket(connection, workspace, now), now) + pace.workspace
    here = {"workspace": workspace, "in_lane": WORKSPACE_LANE, "even": even}
    connection.execute(_next_ok_is(), here)


@cache
def _next_ok() -> Any:
    return select(col(Lane.next_ok_at)).where(_lane_is()).with_for_update()


@cache
def _next_ok_is() -> Any:
    return update(Lane).where(_lane_is()).values(next_ok_at=bindparam("even"))


# -- the lane


@cache
def _free_lane(lock: bool) -> Any:
    """The lane that waited longest, of those with something due and nothing on its way."""
    mine = and_(
        col(Outbox.workspace_id) == col(Lane.workspace_id), col(Outbox.lane) == col(Lane.lane)
    )
    statement = (
        select(col(Lane.id), col(Lane.lane), col(Lane.parked_reason))
        .where(
            col(Lane.workspace_id) == _WORKSPACE,
            col(Lane.lane) != WORKSPACE_LANE,
            col(Lane.next_ok_at) <= _NOW,
            col(Lane.lease_until).is_(None),
            or_(col(Lane.parked_reason).is_(None), col(Lane.probe_at) <= _NOW),
            exists().where(mine, _is_due()),
            ~exists().where(mine, col(Outbox.state).in_(BUSY)),
        )
        .order_by(col(Lane.next_ok_at), col(Lane.id))
        .limit(1)
    )
    return statement.with_for_update(skip_locked=True) if lock else statement


@cache
def _oldest_due() -> Any:
    return (
        select(*Outbox.__table__.columns)  # type: ignore[attr-defined]
        .where(col(Outbox.workspace_id) == _WORKSPACE, col(Outbox.lane) == _IN_LANE, _is_due())
        .order_by(col(Outbox.due_at), col(Outbox.id))
        .limit(1)
        # Locked: somebody may be taking it back or rewriting it at this moment.
        .with_for_update(of=Outbox, key_share=True)
    )


def _is_due() -> Any:
    root_is_sent = exists().where(_ROOT.id == col(Outbox.root_id), _ROOT.state == SENT)
    return and_(
        col(Outbox.state) == PENDING,
        col(Outbox.due_at) <= _NOW,
        or_(col(Outbox.root_id).is_(None), root_is_sent),
    )


def _expire(connection: Connection, workspace: str, lane: str, now: datetime) -> None:
    here = {"workspace": workspace, "in_lane": lane, "now": now}
    gone = list(connection.scalars(_stale(), here))
    if gone:
        orphans = and_(col(Outbox.root_id).in_(gone), col(Outbox.state) == PENDING)
        connection.execute(update(Outbox).where(orphans).values(state=CANCELLED))


@cache
def _stale() -> Any:
    return (
        update(Outbox)
        .where(
            col(Outbox.workspace_id) == _WORKSPACE,
            col(Outbox.lane) == _IN_LANE,
            col(Outbox.state) == PENDING,
            col(Outbox.expires_at) <= _NOW,
        )
        .values(state=EXPIRED)
        .returning(col(Outbox.id))
    )


# -- the row


def _arguments(connection: Connection, row: Any) -> dict[str, Any] | None:
    """The call's arguments; None if there is no sense in the row: then it ends here, alone."""
    try:
        return arguments(connection, row)
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        why = f"it cannot be rendered: {type(error).__name__}"
        mine = or_(
            col(Outbox.id) == row.id,
            and_(col(Outbox.root_id) == row.id, col(Outbox.state) == PENDING),
        )
        connection.execute(update(Outbox).where(mine).values(state=DEAD, last_error=why))
        return None


def _begin(
    connection: Connection,
    lane: Any,
    row: Any,
    args: dict[str, Any],
    now: datetime,
    pace: Pace,
) -> Claim:
    token = uuid4().hex
    until = now + LEASE
    connection.execute(
        update(Outbox)
        .where(col(Outbox.id) == row.id)
        .values(state=SENDING, token=token, started_at=now)
    )
    held = {"lease_until": until, "token": token, "next_ok_at": now + pace.channel}
    if lane.parked_reason:
        held["probe_at"] = now + PROBE
    connection.execute(update(Lane).where(col(Lane.id) == lane.id).values(**held))
    _hold_workspace_probe(connection, row.workspace_id, now)
    _spend(connection, row.workspace_id, now, pace)
    return Claim(
        id=row.id,
        workspace=row.workspace_id,
        lane=row.lane,
        method=row.method,
        args=args,
        token=token,
        attempt=row.attempt,
        started_at=now,
        lease_until=until,
        probing=bool(lane.parked_reason),
        shared_outside=_is_read_outside(connection, row),
        pace=pace,
    )


def _hold_workspace_probe(connection: Connection, workspace: str, now: datetime) -> None:
    # A parked workspace lets one call through; the next one half an hour later.
    connection.execute(_probe_later(), {"workspace": workspace, "until": now + PROBE})


@cache
def _probe_later() -> Any:
    parked = and_(col(Workspace.id) == _WORKSPACE, col(Workspace.parked_reason).is_not(None))
    return update(Workspace).where(parked).values(parked_until=bindparam("until"))


def _is_read_outside(connection: Connection, row: Any) -> bool:
    """Asked at the last moment: a channel can be shared after the message was put in."""
    if row.method not in (POST, UPDATE, FILE):
        return False  # the others are seen by one person
    shared = select(col(Channel.is_shared_outside)).where(
        col(Channel.workspace_id) == row.workspace_id,
        col(Channel.channel_id) == base_lane(row.lane),
    )
    return bool(connection.scalar(shared))


def _lane_is() -> Any:
    return and_(col(Lane.workspace_id) == _WORKSPACE, col(Lane.lane) == _IN_LANE)
