"""How a message gets into the outbox: its row, once, and its lane."""

from datetime import datetime
from typing import Any

from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Lane, Outbox

Payload = dict[str, Any]


def insert(tx: Tx, *, dedupe_key: str, lane: str, created_at: datetime, **columns: Any) -> int:
    """A message and its lane; returns its outbox id, that of the first where the key is known."""
    row = tx.add_once(Outbox(dedupe_key=dedupe_key, lane=lane, created_at=created_at, **columns))
    if row is None:
        return tx.one(select(col(Outbox.id)).where(col(Outbox.dedupe_key) == dedupe_key))
    tx.add_once(Lane(lane=lane, next_ok_at=created_at))
    return row.id
