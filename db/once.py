"""Inserts that a second try leaves alone, on SQLite and PostgreSQL.

A look before the insert is not enough on PostgreSQL: two transactions can both look and see
nothing, and the second one's unique violation would take its whole business with it.
"""

from __future__ import annotations

from typing import Any, TypeVar

from db.models import Row
from db.rows import insert_row, values_of
from db.tx import Tx

R = TypeVar("R", bound=Row)


def insert_once(tx: Tx, model: type[Row], **values: Any) -> int | None:
    """Inserts a row unless its natural key exists; returns its new id, or None if it existed."""
    values["workspace_id"] = tx.workspace
    row_id: int | None = insert_row(tx.connection, model, values, once=True)
    if row_id is not None:
        tx.wrote(model)
    return row_id


def add_once(tx: Tx, row: R) -> R | None:
    """The same, as an object of the transaction to go on with; None if it existed."""
    row_id = insert_once(tx, type(row), **values_of(row))
    if row_id is None:
        return None
    row.id, row.workspace_id = row_id, tx.workspace
    return tx.adopt(row)
