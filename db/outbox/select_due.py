"""Which lanes have something to send, and which of their messages comes first. On PostgreSQL lanes
and messages are taken with SKIP LOCKED, so that workers do not wait for each other. SQLite lets one
writer in at a time and needs no locks: SQLAlchemy leaves the clause out. Thousands of rows a second
pass, so the statements are Core and built once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Integer,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlmodel import col

from db.core.all_workspaces import reading
from db.models import Channel, Lane, Outbox
from db.outbox import rate_limit
from db.outbox.states import (
    BUSY_STATES,
    CANCELLED,
    EDITS_SUFFIX,
    EXPIRED,
    PENDING,
    SENT,
    WORKSPACE_LANE,
    RateLimit,
)

_TABLE: Any = Outbox.__table__  # type: ignore[attr-defined]
_ROOT = _TABLE.alias("root").c
_FIRST = _TABLE.alias("first").c

_WORKSPACE: Any = bindparam("workspace")
_NOW: Any = bindparam("now")
_MOST: Any = bindparam("most", type_=Integer)


def has_due_message(connection: Connection, workspace: str, now: datetime) -> bool:
    """Whether a claim would find a message; locks nothing."""
    here = {"workspace": workspace, "now": now, "most": 1}
    return connection.execute(_FIRST_DUE, here).first() is not None


def select_due(connection: Connection, workspace: str, now: datetime, most: int) -> Sequence[Any]:
    """The oldest due message of each lane that has nothing on its way, locked with the lane; the
    lanes that have waited longest first. A row has the lane's `lane_id` and `parked_reason`,
    whether it is `stale` (past its time), and `read_outside`: the channel may have been shared
    after the message was put in. Its payload and marks are JSON text."""
    here = {"workspace": workspace, "now": now, "most": most}
    return connection.execute(_FIRST_DUE_LOCKED, here).all()


def expire_messages(connection: Connection, ids: Sequence[int]) -> bool:
    """Ends messages past their time, and what waits for them; True if any was still pending."""
    mine = (col(Outbox.id).in_(ids), col(Outbox.state) == PENDING)
    expired = update(Outbox).where(*mine).values(state=EXPIRED).returning(col(Outbox.id))
    found = connection.scalars(expired).all()
    if found:
        theirs = (col(Outbox.root_id).in_(found), col(Outbox.state) == PENDING)
        connection.execute(update(Outbox).where(*theirs).values(state=CANCELLED))
    return bool(found)


def next_due_at(
    connection: Connection, workspace: str, now: datetime, until: datetime
) -> datetime | None:
    """When, until then, a lane's pause ends that has something due, or a message becomes due."""
    here = {"workspace": workspace, "now": now, "until": until}
    times = [connection.scalar(statement, here) for statement in (_LANE_OPENS, _FALLS_DUE)]
    return min((time for time in times if time is not None), default=None)


def _first_due(lock: bool) -> Any:
    # Lanes first, then their messages by id: PostgreSQL would read the whole outbox for one join.
    lanes = _free_lanes(lock).cte("picked")
    plain = "id workspace_id dedupe_key lane method root_id attempt".split()
    statement = (
        select(
            lanes.c.lane_id,
            lanes.c.parked_reason,
            lanes.c.read_outside,
            *(_TABLE.c[name] for name in plain),
            *(cast(_TABLE.c[name], Text).label(name) for name in ("payload", "marks")),
            func.coalesce(col(Outbox.expires_at) <= _NOW, false()).label("stale"),
        )
        .select_from(lanes)
        .join(Outbox, col(Outbox.id) == lanes.c.first_id)
        # Once more: it may have been taken back between the subquery and its lock.
        .where(col(Outbox.state) == PENDING)
        .order_by(lanes.c.next_ok_at, lanes.c.lane_id)
    )
    if lock:
        return statement.with_for_update(of=Outbox, key_share=True, skip_locked=True)
    return statement


def _free_lanes(lock: bool) -> Any:
    first = (
        select(_FIRST.id)
        .where(_FIRST.workspace_id == _WORKSPACE, _FIRST.lane == col(Lane.lane), _is_due(_FIRST))
        .order_by(_FIRST.due_at, _FIRST.id)
        .limit(1)
        .correlate(Lane)
        .scalar_subquery()
    )
    statement = (
        select(
            col(Lane.id).label("lane_id"),
            col(Lane.next_ok_at),
            col(Lane.parked_reason),
            first.label("first_id"),
            _is_read_outside().label("read_outside"),
        )
        .where(
            col(Lane.workspace_id) == _WORKSPACE,
            col(Lane.lane) != WORKSPACE_LANE,
            col(Lane.next_ok_at) <= _NOW,
            col(Lane.lease_until).is_(None),
            or_(col(Lane.parked_reason).is_(None), col(Lane.probe_at) <= _NOW),
            exists().where(_in_its_lane(_TABLE.c), _is_due(_TABLE.c)),
            ~exists().where(
                _in_its_lane(_TABLE.c), col(Outbox.state).in_(map(literal, BUSY_STATES))
            ),
        )
        .order_by(col(Lane.next_ok_at), col(Lane.id))
        .limit(_MOST)
    )
    return statement.with_for_update(key_share=True, skip_locked=True) if lock else statement


def _is_read_outside() -> Any:
    return exists().where(
        col(Channel.workspace_id) == _WORKSPACE,
        col(Channel.channel_id) == func.replace(col(Lane.lane), EDITS_SUFFIX, ""),
        col(Channel.is_shared_outside),
    )


def _lane_opens() -> Any:
    return select(func.min(col(Lane.next_ok_at))).where(
        col(Lane.workspace_id) == _WORKSPACE,
        col(Lane.lane) != WORKSPACE_LANE,
        col(Lane.next_ok_at) > _NOW,
        col(Lane.next_ok_at) <= bindparam("until"),
        col(Lane.lease_until).is_(None),
        col(Lane.parked_reason).is_(None),
        exists().where(_in_its_lane(_TABLE.c), _is_due(_TABLE.c)),
    )


def _falls_due() -> Any:
    # Of any workspace, because of the index: one of another only costs one look too many.
    return select(func.min(col(Outbox.due_at))).where(
        col(Outbox.state) == PENDING,
        col(Outbox.due_at) > _NOW,
        col(Outbox.due_at) <= bindparam("until"),
    )


def _in_its_lane(row: Any) -> Any:
    return and_(row.workspace_id == col(Lane.workspace_id), row.lane == col(Lane.lane))


def _is_due(row: Any) -> Any:
    root_is_sent = exists().where(_ROOT.id == row.root_id, _ROOT.state == SENT)
    return and_(row.state == PENDING, row.due_at <= _NOW, or_(row.root_id.is_(None), root_is_sent))


_FIRST_DUE, _FIRST_DUE_LOCKED = _first_due(lock=False), _first_due(lock=True)
_LANE_OPENS, _FALLS_DUE = _lane_opens(), _falls_due()


def next_send_within(
    engine: Engine, workspace: str, now: datetime, until: datetime, pace: RateLimit
) -> datetime:
    """The earliest time after `now` at which one more message may go, at the latest `until`."""
    with reading(engine) as connection:
        opens = rate_limit.next_allowed_at(connection, workspace, pace)
        if opens is not None and opens > now:
            return min(until, opens)
        return next_due_at(connection, workspace, now, until) or until
