"""When delivery next has something to do: for a clock that is moved on instead of waited for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, and_, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from db.models import Lane, Outbox
from db.outbox.states import PENDING, SENT, UNKNOWN


def next_send(engine: Engine) -> datetime | None:
    """The earliest time at which a message may go, or a doubtful one may be looked for."""
    root = aliased(Outbox)
    ready = case(
        (col(Lane.next_ok_at) > col(Outbox.due_at), col(Lane.next_ok_at)), else_=col(Outbox.due_at)
    )
    to_send = (
        select(func.min(ready))
        .select_from(Outbox)
        .outerjoin(
            Lane,
            and_(
                col(Lane.workspace_id) == col(Outbox.workspace_id),
                col(Lane.lane) == col(Outbox.lane),
            ),
        )
        .outerjoin(root, col(root.id) == col(Outbox.root_id))
        .where(
            col(Outbox.state) == PENDING,
            col(Lane.parked_reason).is_(None),
            or_(col(Outbox.root_id).is_(None), col(root.state) == SENT),
        )
    )
    to_check = select(func.min(col(Outbox.check_at))).where(col(Outbox.state) == UNKNOWN)
    with engine.execution_options(linchpin_read=True).begin() as connection:
        times = [connection.scalar(to_send), connection.scalar(to_check)]
    return min((time for time in times if time is not None), default=None)
