"""What became of messages whose sender is gone: nobody knows, so they are `unknown`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, and_, bindparam, select, update
from sqlmodel import col

from db.models import Lane, Outbox
from db.outbox.states import SENDING, SETTLE, UNKNOWN
from db.statements import Statement, look_for


def recover(engine: Engine, now: datetime, settle: timedelta = SETTLE) -> int:
    """At start, where one process does all the sending: what was `sending` is `unknown`."""
    with engine.begin() as connection:
        lost = connection.execute(_to_unknown(now, settle, col(Outbox.state) == SENDING))
        connection.execute(update(Lane).values(lease_until=None, token=None))
        return lost.rowcount


def expire_leases(engine: Engine, workspace: str, now: datetime, settle: timedelta) -> int:
    """A lease that ran out says nothing about the message: it is `unknown`, never pending."""
    here = {"workspace": workspace, "now": now}
    if look_for(engine, _tokens_over, **here) is None:
        return 0
    with engine.begin() as connection:
        tokens = [row.token for row in _tokens_over.rows(connection, here)]
        mine = and_(col(Outbox.state) == SENDING, col(Outbox.token).in_(tokens))
        lost = connection.execute(_to_unknown(now, settle, mine))
        over = update(Lane).where(_is_over()).values(lease_until=None, token=None)
        connection.execute(over, here)
        return lost.rowcount


@Statement
def _tokens_over() -> Any:
    return select(col(Lane.token)).where(_is_over())


def _is_over() -> Any:
    now: Any = bindparam("now")
    return and_(col(Lane.workspace_id) == bindparam("workspace"), col(Lane.lease_until) <= now)


def _to_unknown(now: datetime, settle: timedelta, which: Any) -> Any:
    return (
        update(Outbox)
        .where(which)
        .values(state=UNKNOWN, check_at=now, settles_at=now + settle, rounds=0, absent_once=False)
    )
