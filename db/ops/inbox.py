"""The ids of what Slack has sent, stored in the transaction of its effect."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Inbox

KEPT = timedelta(days=7)  # Slack gives up redelivering after minutes; people ask after days


def first_time(tx: Tx, event_id: str, now: datetime) -> bool:
    """True once for each id: the caller's effect and this memory commit together or not at all."""
    return tx.add_once(Inbox(event_id=event_id, received_at=now)) is not None


def is_known(tx: Tx, event_id: str) -> bool:
    """Whether that id was remembered before; nothing is written."""
    return _row(tx, event_id) is not None


def find_answer(tx: Tx, event_id: str) -> dict[str, Any] | None:
    """What was answered to that id; None if nothing was, or the id is not known."""
    row = _row(tx, event_id)
    return row.answer if row else None


def remember_answer(tx: Tx, event_id: str, answer: dict[str, Any]) -> None:
    """Keeps the ack's body for a redelivery."""
    tx.execute(update(Inbox).where(col(Inbox.event_id) == event_id).values(answer=answer))


def delete_old(tx: Tx, now: datetime) -> int:
    """Forgets what is older than a week; returns how many."""
    return tx.delete(Inbox, col(Inbox.received_at) < now - KEPT)


def _row(tx: Tx, event_id: str) -> Inbox | None:
    return tx.first(select(Inbox).where(col(Inbox.event_id) == event_id))
