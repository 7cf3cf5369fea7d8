"""Tells every process that keeps a workspace's names (`db.name_indexes`) that they have changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, update
from sqlmodel import col

from db.models import Account, Alias, Workspace

_NAMES = frozenset(("name", "name_key", "alias", "alias_key", "archived_at"))


def raise_version(connection: Connection, workspace: str) -> None:
    """Raises `names_version` in the transaction that changes names of this workspace."""
    mine = update(Workspace).where(col(Workspace.id) == workspace)
    connection.execute(mine.values(names_version=col(Workspace.names_version) + 1))


def has_names(model: type[Any], columns: Iterable[str] = ()) -> bool:
    """Whether a model's columns, or all if none are told, decide what accounts are found by."""
    told = frozenset(columns)
    return model in (Account, Alias) and (not told or not _NAMES.isdisjoint(told))
