"""When delivery next has something to do: for who waits until then, and for a clock that is moved
on instead."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, and_, case, func, or_, select
from sqlmodel import col

from db.models import Lane, Outbox
from db.outbox import bucket, ready
from db.outbox.states import PENDING, SENT, UNKNOWN, Pace
from db.statements import Statement, looking

# Built once, and so of the table: threads may not share an alias of a model.
_root = Outbox.__table__.alias("root").c  # type: ignore[attr-defined]
_ready = case(
    (col(Lane.next_ok_at) > col(Outbox.due_at), col(Lane.next_ok_at)), else_=col(Outbox.due_at)
)


@Statement
def _to_send() -> Any:
    here = and_(
        col(Lane.workspace_id) == col(Outbox.workspace_id), col(Lane.lane) == col(Outbox.lane)
    )
    return (
        select(func.min(_ready))
        .select_from(Outbox)
        .outerjoin(Lane, here)
        .outerjoin(_root.id.table, _root.id == col(Outbox.root_id))
        .where(
            col(Outbox.state) == PENDING,
            col(Lane.parked_reason).is_(None),
            or_(col(Outbox.root_id).is_(None), _root.state == SENT),
        )
    )


@Statement
def _to_check() -> Any:
    return select(func.min(col(Outbox.check_at))).where(col(Outbox.state) == UNKNOWN)


def next_send_within(
    engine: Engine, workspace: str, now: datetime, until: datetime, pace: Pace
) -> datetime:
    """The earliest time after `now` at which a message may go that could not go now; at the latest
    `until`."""
    with looking(engine) as connection:
        opens = bucket.lets_through_at(connection, workspace, pace)
        if opens is not None and opens > now:
            return min(until, opens)
        return ready.next_at(connection, workspace, now, until) or until


def next_send(engine: Engine) -> datetime | None:
    """The earliest time at which a message may go, or a doubtful one may be looked for."""
    with looking(engine) as connection:
        times = [each.value(connection, {}) for each in (_to_send, _to_check)]
    return min((time for time in times if time is not None), default=None)
