"""Inserts that a second try leaves alone, on SQLite and PostgreSQL.

A look before the insert is not enough on PostgreSQL: two transactions can both look and see
nothing, and the second one's unique violation would take its whole business with it.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlmodel import SQLModel

from db.models import Row
from db.rows import values_of
from db.tx import Tx

R = TypeVar("R", bound=Row)


def insert_once(tx: Tx, row: Row) -> int | None:
    """Inserts the row unless its natural key exists; returns its new id, or None if it existed."""
    row.workspace_id = tx.workspace
    row_id: int | None = insert_once_on(tx.connection, row)
    if row_id is not None:
        tx.wrote(type(row))
    return row_id


def add_once(tx: Tx, row: R) -> R | None:
    """The same, as an object of the transaction to go on with; None if it existed."""
    row_id = insert_once(tx, row)
    if row_id is None:
        return None
    row.id = row_id
    return tx.adopt(row)


def insert_once_on(connection: Connection, row: SQLModel) -> Any:
    """The same on a plain connection, for work that is not done in one workspace's Tx."""
    statement = _insert_once(connection.dialect.name, type(row))
    return connection.execute(statement, values_of(row)).scalar_one_or_none()


def insert_into(connection: Connection, model: type[SQLModel]) -> Any:
    """An insert of the connection's dialect, which knows `on_conflict_do_…`."""
    return _insert_into(connection.dialect.name, model)


def _insert_into(dialect: str, model: type[SQLModel]) -> Any:
    # A dialect takes long to load, and a program needs one.
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]
    return insert(model.__table__)  # type: ignore[attr-defined]


@cache
def _insert_once(dialect: str, model: type[SQLModel]) -> Any:
    return (
        _insert_into(dialect, model).on_conflict_do_nothing().returning(model.__table__.c.id)  # type: ignore[attr-defined]
    )
