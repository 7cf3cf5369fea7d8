"""Whose names a process has changed, so that its books of names are put right and not read anew.

`names_version` of the workspace's row tells every process that names have changed, not whose: that
is kept here, in memory, by the process that changed them. A version that another process made, or
that was forgotten, is unknown: then all names are read.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, update
from sqlmodel import col

from db.models import Account, Alias, Workspace

_NAMES = frozenset(("name", "name_key", "alias", "alias_key", "archived_at"))
# So many versions are remembered; an account of each, as a rule.
_KEPT = 1_000


class Renamed:
    """What one transaction has changed: the version it made, and the accounts; None: any."""

    def __init__(self, version: int) -> None:
        self.version = version
        self.accounts: set[int] | None = set()

    def add(self, accounts: Iterable[int] | None) -> None:
        if accounts is None or self.accounts is None:
            self.accounts = None
        else:
            self.accounts.update(accounts)


def raise_version(connection: Connection, workspace: str) -> Renamed:
    """Tells that a transaction changes names of its workspace."""
    version = col(Workspace.names_version)
    mine = update(Workspace).where(col(Workspace.id) == workspace)
    raised = connection.execute(mine.values(names_version=version + 1).returning(version))
    return Renamed(raised.scalar() or 0)


def has_names(model: type[Any], columns: Iterable[str] = ()) -> bool:
    """Whether a model's columns, or all if none are told, decide what accounts are found by."""
    told = frozenset(columns)
    return model in (Account, Alias) and (not told or not _NAMES.isdisjoint(told))


def whose(row: Any) -> Sequence[int]:
    """The account whose name a row holds."""
    return [row.account_id if isinstance(row, Alias) else row.id]


# A database is known by its pool: engines with other options share it.
_known: WeakKeyDictionary[Any, OrderedDict[tuple[str, int], set[int]]] = WeakKeyDictionary()
_lock = Lock()


def committed(engine: Engine, workspace: str, renamed: Renamed | None) -> None:
    """Remembers what a transaction has changed that is committed: nobody else made its version."""
    if renamed is None or renamed.accounts is None:
        return
    with _lock:
        kept = _known.setdefault(engine.pool, OrderedDict())
        kept[workspace, renamed.version] = renamed.accounts
        while len(kept) > _KEPT:
            kept.popitem(last=False)


def between(engine: Engine, workspace: str, before: int, now: int) -> set[int] | None:
    """The accounts whose names can differ between two versions; None if that is unknown."""
    if now < before:
        return None
    with _lock:
        kept = _known.get(engine.pool, OrderedDict())
        each = [kept.get((workspace, version)) for version in range(before + 1, now + 1)]
    found: set[int] = set()
    for accounts in each:
        if accounts is None:
            return None
        found |= accounts
    return found
