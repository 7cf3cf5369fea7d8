"""One at a time, where no row can be locked: a turn lasts until the transaction ends.

SQLite lets one writer in at a time, so whoever writes has every turn already. On PostgreSQL a turn
is an advisory lock. The two stand here side by side.
"""

from __future__ import annotations

from hashlib import blake2b

from sqlalchemy import func
from sqlmodel import select

from db.core.tx import Tx

CLOCK_LOCK = "clock"  # what is due is said by one worker at a time, so that it is said together
SYNC_LOCK = "sync"  # the listing of people and channels
NAME_LOCK = "name"  # an account's name or alias


def take_lock(tx: Tx, what: str) -> None:
    """Waits until nobody else of this workspace has the turn."""
    if tx.connection.dialect.name == "postgresql":
        tx.connection.execute(select(func.pg_advisory_xact_lock(_lock_number(tx, what))))


def try_lock(tx: Tx, what: str) -> bool:
    """Takes the turn unless somebody else of this workspace has it; says whether it did."""
    if tx.connection.dialect.name != "postgresql":
        return True
    return bool(
        tx.connection.scalar(select(func.pg_try_advisory_xact_lock(_lock_number(tx, what))))
    )


def _lock_number(tx: Tx, what: str) -> int:
    named = f"linchpin/{tx.workspace}/{what}".encode()
    return int.from_bytes(blake2b(named, digest_size=8).digest(), signed=True)
