"""Queries for what a person said last."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from db.core.tx import Tx
from db.models import LastSaid

#: So long the next sentence may lean on the one before.
COUNTS = timedelta(minutes=10)


def recent(tx: Tx, user_id: str, channel: str, now: datetime) -> LastSaid | None:
    """What the person said there last, while it counts."""
    said = _of(tx, user_id, channel)
    return said if said is not None and said.at > now - COUNTS else None


def remember(
    tx: Tx, user_id: str, channel: str, text: str, account_id: int | None, now: datetime
) -> None:
    """Keeps what the person said there instead of what they said before."""
    said = _of(tx, user_id, channel) or LastSaid(user_id=user_id, channel=channel, text="", at=now)
    said.text, said.account_id, said.at = text, account_id, now
    tx.add(said)


def delete_old(tx: Tx, now: datetime) -> int:
    """Forgets what no longer counts; returns how many."""
    return tx.delete(LastSaid, col(LastSaid.at) < now - COUNTS)


def _of(tx: Tx, user_id: str, channel: str) -> LastSaid | None:
    mine = (col(LastSaid.user_id) == user_id, col(LastSaid.channel) == channel)
    return tx.first(select(LastSaid).where(*mine))
