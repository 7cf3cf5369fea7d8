"""Inserts that a second try leaves alone, on SQLite and PostgreSQL.

A look before the insert is not enough on PostgreSQL: two transactions can both look and see
nothing, and the second one's unique violation would take its whole business with it.
"""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from db.models import Row
from db.tx import Tx

R = TypeVar("R", bound=Row)


def insert_once(tx: Tx, row: Row) -> int | None:
    """Inserts the row unless its natural key exists; returns its new id, or None if it existed."""
    row.workspace_id = tx.workspace
    row_id: int | None = insert_once_on(tx.connection, row)
    return row_id


def add_once(tx: Tx, row: R) -> R | None:
    """The same, as an object of the transaction to go on with; None if it existed."""
    row_id = insert_once(tx, row)
    return tx.get(type(row), row_id)


def insert_once_on(connection: Connection, row: SQLModel) -> Any:
    """The same on a plain connection, for work that is not done in one workspace's Tx."""
    values = row.model_dump()
    if values["id"] is None:
        del values["id"]
    statement = insert_into(connection, type(row)).values(**values).on_conflict_do_nothing()
    returning = statement.returning(type(row).id)  # type: ignore[attr-defined]
    return connection.execute(returning).scalar_one_or_none()


def insert_into(connection: Connection, model: type[SQLModel]) -> Any:
    """An insert of the connection's dialect, which knows `on_conflict_do_…`."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    return make(model)
