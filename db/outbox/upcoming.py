"""When delivery next has something to do."""

from datetime import datetime

from sqlalchemy import Engine, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from db.core.all_workspaces import reading
from db.models import Lane, Outbox
from db.outbox import rate_limit, select_due
from db.outbox.states import PENDING, SENT, UNKNOWN, RateLimit


def next_send_within(
    engine: Engine, workspace: str, now: datetime, until: datetime, pace: RateLimit
) -> datetime:
    """The earliest time after `now` at which one more message may go, at the latest `until`."""
    with reading(engine) as connection:
        opens = rate_limit.next_allowed_at(connection, workspace, pace)
        if opens is not None and opens > now:
            return min(until, opens)
        return select_due.next_due_at(connection, workspace, now, until) or until


def next_send(engine: Engine) -> datetime | None:
    """The earliest time at which a message may go, or an unknown one may be read back."""
    check = select(func.min(col(Outbox.check_at))).where(col(Outbox.state) == UNKNOWN)
    with reading(engine) as connection:
        times = [connection.scalar(each) for each in (_to_send(), check)]
    return min((time for time in times if time is not None), default=None)


def _to_send() -> Select[datetime | None]:
    root = aliased(Outbox)
    here = and_(
        col(Lane.workspace_id) == col(Outbox.workspace_id), col(Lane.lane) == col(Outbox.lane)
    )
    at = case(
        (col(Lane.next_ok_at) > col(Outbox.due_at), col(Lane.next_ok_at)), else_=col(Outbox.due_at)
    )
    return (
        select(func.min(at))
        .select_from(Outbox)
        .outerjoin(Lane, here)
        .outerjoin(root, col(root.id) == col(Outbox.root_id))
        .where(
            col(Outbox.state) == PENDING,
            col(Lane.parked_reason).is_(None),
            or_(col(Outbox.root_id).is_(None), col(root.state) == SENT),
        )
    )
