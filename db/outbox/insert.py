"""How a message gets into the outbox: its row, once, and its lane."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from db.core.insert_once import insert_once
from db.core.tx import Tx
from db.models import Lane, Outbox
from db.outbox.states import CANCELLED, PENDING

Payload = dict[str, Any]


def insert(tx: Tx, *, dedupe_key: str, lane: str, created_at: datetime, **columns: Any) -> int:
    """A message and its lane; returns its outbox id, that of the first where the key is known."""
    row_id = insert_once(
        tx, Outbox, dedupe_key=dedupe_key, lane=lane, created_at=created_at, **columns
    )
    if row_id is None:
        mine = select(col(Outbox.id)).where(col(Outbox.dedupe_key) == dedupe_key)
        return tx.one(mine)
    insert_once(tx, Lane, lane=lane, next_ok_at=created_at)
    return row_id


def cancel_older(tx: Tx, *where: Any, before: int) -> None:
    """Cancels the older ones that wait: only the last counts."""
    older = (*where, col(Outbox.id) < before, col(Outbox.state) == PENDING)
    tx.execute(update(Outbox).where(*older).values(state=CANCELLED))
