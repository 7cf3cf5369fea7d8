"""One row of any table, by its id."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import select, update

from db.held import held
from db.prepared import Query, prepared


@cache
def of_id(model: Any) -> Callable[..., Query]:
    """The row of an id."""
    return prepared(lambda row_id: select(model).where(model.id == row_id))


@cache
def held_of_id(model: Any) -> Callable[..., Query]:
    """The same, locked."""
    return prepared(lambda row_id: held(select(model).where(model.id == row_id)))


@cache
def set_of_id(model: Any) -> Callable[..., Query]:
    """A change of it."""
    return prepared(lambda row_id: update(model).where(model.id == row_id))
