"""Inserts that a second try leaves alone."""

from __future__ import annotations

from typing import Any, TypeVar

from db.core.tx import Tx
from db.models import Row

R = TypeVar("R", bound=Row)


def insert_once(tx: Tx, model: type[Row], **values: Any) -> int | None:
    """Inserts a row unless its natural key exists; returns its new id, or None if it existed."""
    row: Any = tx.add_once(model, **values)
    return None if row is None else int(row.id)


def add_once(tx: Tx, row: R) -> R | None:
    """The same, as an object of the transaction to go on with; None if it existed."""
    return tx.add_once(type(row), **row.model_dump(exclude={"id"}))
