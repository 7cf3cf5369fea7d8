"""What a row is written from: its columns' values, and one insert for each table, built once."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import insert
from sqlmodel import SQLModel


def values_of(row: SQLModel) -> dict[str, Any]:
    """A row's columns by name; an id that the database has yet to give is left out."""
    values = {name: getattr(row, name) for name in _names(type(row))}
    if values["id"] is None:
        del values["id"]
    return values


@cache
def insert_of(model: type[SQLModel]) -> Any:
    """An insert into a model's table, to be run with the values of one row or of many."""
    return insert(_table(model))


def _table(model: type[SQLModel]) -> Any:
    return model.__table__  # type: ignore[attr-defined]


@cache
def _names(model: type[SQLModel]) -> tuple[str, ...]:
    return tuple(_table(model).columns.keys())
