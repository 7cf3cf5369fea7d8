"""The installations, and whether Slack still lets each of them in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select, update
from sqlmodel import col

from bot.rules.facts import WorkspaceFacts
from db.models import Workspace
from db.tx import Tx, begin


def ensure(engine: Engine, facts: WorkspaceFacts, now: datetime) -> None:
    """Remembers an installation as Slack tells it. Slack let us in, so its breaker opens."""
    with begin(engine, facts.id) as tx:
        known = get(tx)
        if known is None:
            _insert(tx, facts, now)
        else:
            known.name = facts.name
            known.bot_user_id = facts.bot_user_id
            known.enterprise_id = facts.enterprise_id
            known.parked_reason = known.parked_until = None


def all_ids(engine: Engine) -> list[str]:
    """Every workspace's id, in order."""
    with engine.execution_options(linchpin_read=True).begin() as connection:
        return list(connection.scalars(select(col(Workspace.id)).order_by(col(Workspace.id))))


def get(tx: Tx) -> Workspace | None:
    """The transaction's own workspace."""
    found: Workspace | None = tx.first(select(Workspace).where(col(Workspace.id) == tx.workspace))
    return found


def saw_event(tx: Tx, at: datetime) -> None:
    """Notes when Slack last sent something: silence for long means the way in is broken."""
    tx.change(update(Workspace).where(col(Workspace.id) == tx.workspace).values(last_event_at=at))


def park(tx: Tx, reason: str, until: datetime) -> bool:
    """Stops all sending until `until`, when one call may try again; True if it was not parked."""
    known = get(tx)
    if known is None:
        return False
    fresh = known.parked_reason is None
    known.parked_reason, known.parked_until = reason, until
    return fresh


def unpark(tx: Tx) -> None:
    """Slack lets us in again."""
    tx.change(
        update(Workspace)
        .where(col(Workspace.id) == tx.workspace, col(Workspace.parked_reason).is_not(None))
        .values(parked_reason=None, parked_until=None)
    )


def _insert(tx: Tx, facts: WorkspaceFacts, now: datetime) -> None:
    row = Workspace(
        id=facts.id,
        enterprise_id=facts.enterprise_id,
        name=facts.name,
        bot_user_id=facts.bot_user_id,
        created_at=now,
    )
    tx.add(row)  # type: ignore[type-var]
