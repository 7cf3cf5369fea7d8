"""Messages whose sender is gone become `unknown`."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, Update, and_, select, update
from sqlmodel import col

from db.core.all_workspaces import reading
from db.models import Lane, Outbox
from db.outbox.states import SENDING, SETTLE_TIME, UNKNOWN


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
