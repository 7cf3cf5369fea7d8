"""The installations, and whether Slack still lets each of them in."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, or_, update
from sqlmodel import col, select

from bot.rules.slack_facts import WorkspaceFacts
from db.core.all_workspaces import reading
from db.core.tx import Tx, begin
from db.models import Workspace

EVENT_INTERVAL = timedelta(seconds=10)


def save_installation(engine: Engine, facts: WorkspaceFacts, now: datetime) -> None:
    """Remembers an installation as Slack tells it. Slack let us in, so its breaker opens."""
    with begin(engine, facts.id) as tx:
        # Processes that start together insert it once.
        new = Workspace(id=facts.id, name="", bot_user_id="", created_at=now)
        known = tx.add_once(new) or current(tx)
        assert known is not None
        known.name = facts.name
        known.bot_user_id = facts.bot_user_id
        known.enterprise_id = facts.enterprise_id
        known.parked_reason = known.parked_until = None
        known.scopes = None if facts.scopes is None else ",".join(sorted(facts.scopes))


def all_ids(engine: Engine) -> list[str]:
    """Every workspace's id, in order."""
    with reading(engine) as connection:
        return list(connection.scalars(select(col(Workspace.id)).order_by(col(Workspace.id))))


def current(tx: Tx) -> Workspace | None:
    """The transaction's own workspace."""
    return tx.get(Workspace, tx.workspace)


def record_event(tx: Tx, at: datetime) -> None:
    """Notes when Slack last sent something: silence for long means the way in is broken. Not each
    time: all events of a workspace would wait for each other at this one row."""
    seen = col(Workspace.last_event_at)
    mine = (col(Workspace.id) == tx.workspace, or_(seen.is_(None), seen < at - EVENT_INTERVAL))
    tx.execute(update(Workspace).where(*mine).values(last_event_at=at))


def park_workspace(tx: Tx, reason: str, until: datetime) -> bool:
    """Stops all sending until `until`, when one call may try again; True if it was not parked."""
    known = current(tx)
    if known is None:
        return False
    fresh = known.parked_reason is None
    known.parked_reason, known.parked_until = reason, until
    return fresh


def unpark_workspace(tx: Tx) -> None:
    """Slack lets us in again."""
    tx.execute(
        update(Workspace)
        .where(col(Workspace.id) == tx.workspace, col(Workspace.parked_reason).is_not(None))
        .values(parked_reason=None, parked_until=None)
    )
