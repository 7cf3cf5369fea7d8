"""Locks by name, where there is no row to lock; each lasts until the transaction ends. On
PostgreSQL they are advisory locks. SQLite lets one writer in at a time, which is enough."""

from hashlib import blake2b
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Workspace

CLOCK_LOCK = "clock"  # one worker at a time says what is due, so that it is said together
SYNC_LOCK = "sync"  # the listing of people and channels
NAME_LOCK = "name"  # an account's name or alias


def take_lock(tx: Tx, what: str) -> None:
    """Takes the lock `what` of this workspace, waiting while another transaction has it."""
    if not tx.is_sqlite:
        _lock(tx, func.pg_advisory_xact_lock, what)


def try_lock(tx: Tx, what: str) -> bool:
    """Takes the lock unless another transaction has it; says whether it did."""
    return tx.is_sqlite or bool(_lock(tx, func.pg_try_advisory_xact_lock, what))


def _lock(tx: Tx, function: Any, what: str) -> Any:
    name = f"linchpin/{tx.workspace}/{what}".encode()
    number = int.from_bytes(blake2b(name, digest_size=8).digest(), signed=True)
    # Asked of the workspace's one row, so that it is a statement on a model.
    return tx.first(select(function(number)).where(col(Workspace.id) == tx.workspace))
