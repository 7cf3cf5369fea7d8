"""Which lanes have something to send, and which of their messages comes first.

On PostgreSQL lanes and messages are taken with SKIP LOCKED: workers do not wait for each other,
and what somebody is taking back or rewriting at this moment is left for the next look. SQLite has
no such clause and needs none, because BEGIN IMMEDIATE lets one writer in at a time; SQLAlchemy
leaves it out there, so the statements are one and the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlmodel import col

from db.models import Lane, Outbox
from db.outbox.statements import Statement
from db.outbox.states import BUSY, CANCELLED, EXPIRED, PENDING, SENT, WORKSPACE_LANE

# Not `aliased`, which is made up at its first use: by two threads at once, it stays wrong.
_TABLE: Any = Outbox.__table__  # type: ignore[attr-defined]
_ROOT = _TABLE.alias("root").c
_FIRST = _TABLE.alias("first").c

_WORKSPACE: Any = bindparam("workspace")
_NOW: Any = bindparam("now")
_MOST: Any = bindparam("most", type_=Integer)


def any_lane(connection: Connection, workspace: str, now: datetime) -> bool:
    """Whether a claim would find a lane; locks nothing."""
    here = {"workspace": workspace, "now": now, "most": 1}
    return bool(_FREE_LANES.rows(connection, here))


def take_lanes(connection: Connection, workspace: str, now: datetime, most: int) -> Sequence[Any]:
    """(id, lane, parked_reason) of the lanes that waited longest, of those with something due and
    nothing on its way; locked."""
    here = {"workspace": workspace, "now": now, "most": most}
    return _FREE_LANES_LOCKED.rows(connection, here)


def first_rows(
    connection: Connection, workspace: str, lanes: Sequence[str], now: datetime
) -> Sequence[Any]:
    """The oldest due message of each lane, locked, in the order of the lanes' waiting."""
    return _OLDEST_DUE.rows(connection, {"workspace": workspace, "now": now}, lanes)


def expire(connection: Connection, workspace: str, lanes: Sequence[str], now: datetime) -> bool:
    """Ends what is past its time, and with it what waits for that; True if there was something."""
    found = _STALE.rows(connection, {"workspace": workspace, "now": now}, lanes)
    gone = [row[0] for row in found]
    if gone:
        orphans = and_(col(Outbox.root_id).in_(gone), col(Outbox.state) == PENDING)
        connection.execute(update(Outbox).where(orphans).values(state=CANCELLED))
    return bool(gone)


def next_at(
    connection: Connection, workspace: str, now: datetime, until: datetime
) -> datetime | None:
    """When, until then, a lane's pause ends that has something due, or a message becomes due."""
    here = {"workspace": workspace, "now": now, "until": until}
    times = [statement.value(connection, here) for statement in (_LANE_OPENS, _FALLS_DUE)]
    return min((time for time in times if time is not None), default=None)


def _free_lanes(lock: bool) -> Any:
    statement = (
        select(col(Lane.id), col(Lane.lane), col(Lane.parked_reason))
        .where(
            col(Lane.workspace_id) == _WORKSPACE,
            col(Lane.lane) != WORKSPACE_LANE,
            col(Lane.next_ok_at) <= _NOW,
            col(Lane.lease_until).is_(None),
            or_(col(Lane.parked_reason).is_(None), col(Lane.probe_at) <= _NOW),
            exists().where(_in_its_lane(), _is_due(_TABLE.c)),
            ~exists().where(_in_its_lane(), col(Outbox.state).in_(map(literal, BUSY))),
        )
        .order_by(col(Lane.next_ok_at), col(Lane.id))
        .limit(_MOST)
    )
    return statement.with_for_update(skip_locked=True) if lock else statement


def _oldest_due(lanes: list[Any]) -> Any:
    first = (
        select(_FIRST.id)
        .where(_FIRST.workspace_id == _WORKSPACE, _FIRST.lane == col(Lane.lane), _is_due(_FIRST))
        .order_by(_FIRST.due_at, _FIRST.id)
        .limit(1)
        .correlate(Lane)
        .scalar_subquery()
    )
    needed = "id workspace_id dedupe_key lane method payload marks root_id attempt".split()
    return (
        select(*(_TABLE.c[name] for name in needed))
        .select_from(Lane)
        .join(Outbox, col(Outbox.id) == first)
        .where(
            col(Lane.workspace_id) == _WORKSPACE,
            col(Lane.lane).in_(lanes),
            # Once more: it may have been taken back between the subquery and its lock.
            col(Outbox.state) == PENDING,
        )
        .order_by(col(Lane.next_ok_at), col(Lane.id))
        .with_for_update(of=Outbox, key_share=True, skip_locked=True)
    )


def _stale(lanes: list[Any]) -> Any:
    return (
        update(Outbox)
        .where(
            col(Outbox.workspace_id) == _WORKSPACE,
            col(Outbox.lane).in_(lanes),
            col(Outbox.state) == PENDING,
            col(Outbox.expires_at) <= _NOW,
        )
        .values(state=EXPIRED)
        .returning(col(Outbox.id))
    )


def _lane_opens() -> Any:
    return select(func.min(col(Lane.next_ok_at))).where(
        col(Lane.workspace_id) == _WORKSPACE,
        col(Lane.lane) != WORKSPACE_LANE,
        col(Lane.next_ok_at) > _NOW,
        col(Lane.next_ok_at) <= bindparam("until"),
        col(Lane.lease_until).is_(None),
        col(Lane.parked_reason).is_(None),
        exists().where(_in_its_lane(), _is_due(_TABLE.c)),
    )


def _falls_due() -> Any:
    # Of any workspace, for the index's sake: another's message is one look too many, no more.
    return select(func.min(col(Outbox.due_at))).where(
        col(Outbox.state) == PENDING,
        col(Outbox.due_at) > _NOW,
        col(Outbox.due_at) <= bindparam("until"),
    )


def _in_its_lane() -> Any:
    return and_(
        col(Outbox.workspace_id) == col(Lane.workspace_id), col(Outbox.lane) == col(Lane.lane)
    )


def _is_due(row: Any) -> Any:
    root_is_sent = exists().where(_ROOT.id == row.root_id, _ROOT.state == SENT)
    return and_(row.state == PENDING, row.due_at <= _NOW, or_(row.root_id.is_(None), root_is_sent))


_FREE_LANES, _FREE_LANES_LOCKED = (Statement(partial(_free_lanes, lock)) for lock in (False, True))
_OLDEST_DUE, _STALE = Statement(_oldest_due), Statement(_stale)
_LANE_OPENS, _FALLS_DUE = Statement(_lane_opens), Statement(_falls_due)
