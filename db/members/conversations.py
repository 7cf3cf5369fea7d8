"""Queries for what a person said last."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlmodel import col, select

from db.core.tx import Tx
from db.models import LastSaid

#: So long the next sentence may lean on the one before.
COUNTS = timedelta(minutes=10)


class Said(NamedTuple):
    """A sentence, and the account that it was about."""

    text: str
    account_id: int | None


def recent(tx: Tx, user_id: str, channel: str, now: datetime) -> LastSaid | None:
    """What the person said there last, while it counts."""
    said = _of(tx, user_id, channel)
    return said if said is not None and said.at > now - COUNTS else None


def remember(tx: Tx, user_id: str, channel: str, said: Said, now: datetime) -> None:
    """Keeps what the person said there instead of what they said before."""
    row = _of(tx, user_id, channel) or LastSaid(user_id=user_id, channel=channel, text="", at=now)
    row.text, row.account_id, row.at = said.text, said.account_id, now
    tx.add(row)


def delete_old(tx: Tx, now: datetime) -> int:
    """Forgets what no longer counts; returns how many."""
    return tx.delete(LastSaid, col(LastSaid.at) < now - COUNTS)


def _of(tx: Tx, user_id: str, channel: str) -> LastSaid | None:
    mine = (col(LastSaid.user_id) == user_id, col(LastSaid.channel) == channel)
    return tx.first(select(LastSaid).where(*mine))
