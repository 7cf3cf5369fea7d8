"""Inserts that a second try leaves alone, on SQLite and PostgreSQL.

A look before the insert is not enough on PostgreSQL: two transactions can both look and see
nothing, and the second one's unique violation would take its whole business with it.
"""

from __future__ import annotations

from typing import TypeVar

from db.models import Row
from db.rows import insert_row
from db.tx import Tx

R = TypeVar("R", bound=Row)


def insert_once(tx: Tx, row: Row) -> int | None:
    """Inserts the row unless its natural key exists; returns its new id, or None if it existed."""
    row.workspace_id = tx.workspace
    row_id: int | None = insert_row(tx.connection, row, once=True)
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
