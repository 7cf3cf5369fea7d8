"""Rows are written by one insert for each table and set of columns, built once (db/direct.py)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, insert
from sqlmodel import SQLModel

from db.direct import Words, run, run_many

ONE, ONCE, MANY = "one", "once", "many"
_inserts: dict[tuple[str, type[SQLModel], tuple[str, ...], str], Words] = {}


def insert_row(
    connection: Connection, model: type[SQLModel], values: dict[str, Any], *, once: bool = False
) -> Any:
    """Inserts a row and returns its id; what is not given has its default.

    With `once`, one whose natural key exists is left alone, and None is returned.
    """
    words = _insert(connection.dialect, model, tuple(values), ONCE if once else ONE)
    found = run(connection, words, values)
    return found[0][0] if found else None


def insert_rows(
    connection: Connection, model: type[SQLModel], rows: Sequence[dict[str, Any]]
) -> None:
    """Inserts rows, all of the same columns; what is not given has its default."""
    words = _insert(connection.dialect, model, tuple(rows[0]), MANY)
    if len(rows) == 1:
        run(connection, words, rows[0])
    else:
        run_many(connection, words, rows)


def values_of(row: SQLModel) -> dict[str, Any]:
    """A row's columns by name; an id that the database has yet to give is left out."""
    values = {name: getattr(row, name) for name in _names(type(row))}
    if values["id"] is None:
        del values["id"]
    return values


def insert_of_dialect(name: str, model: type[SQLModel]) -> Any:
    """An insert of a dialect, which knows `on_conflict_do_…`."""
    # A dialect takes long to load, and a program needs one.
    if name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]
    return insert(_table(model))


def _insert(dialect: Dialect, model: type[SQLModel], columns: tuple[str, ...], how: str) -> Words:
    key = (dialect.name, model, columns, how)
    if key not in _inserts:
        statement: Any = insert(_table(model))
        if how == ONCE:
            statement = insert_of_dialect(dialect.name, model).on_conflict_do_nothing()
        if how != MANY:
            statement = statement.returning(_table(model).c.id)
        words = Words(statement, dialect, columns)
        assert words.is_whole, f"{model.__name__}: a default that is made at each insert"
        _inserts[key] = words
    return _inserts[key]


def _table(model: type[SQLModel]) -> Any:
    return model.__table__  # type: ignore[attr-defined]


@cache
def _names(model: type[SQLModel]) -> tuple[str, ...]:
    return tuple(_table(model).columns.keys())
