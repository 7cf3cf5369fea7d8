"""Inserts that a second try leaves alone, on SQLite and PostgreSQL.

A look before the insert is not enough on PostgreSQL: two transactions can both look and see
nothing, and the second one's unique violation would take its whole business with it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from db.models import Row
from db.tx import Tx


def insert_once(tx: Tx, row: Row) -> int | None:
    """Inserts the row unless its natural key exists; returns its new id, or None if it existed."""
    row.workspace_id = tx.workspace
    return insert_once_on(tx.connection, row)


def insert_once_on(connection: Connection, row: Row) -> int | None:
    """The same on a plain connection, for work that is not done in one workspace's Tx."""
    values = row.model_dump(exclude={"id"})
    statement = _insert(connection.dialect.name, type(row), values)
    return connection.execute(statement).scalar_one_or_none()


def _insert(dialect: str, model: type[SQLModel], values: dict[str, Any]) -> Any:
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = make(model).values(**values).on_conflict_do_nothing()
    return statement.returning(model.id)  # type: ignore[attr-defined]
