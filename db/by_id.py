"""One row of any table, by its id; and how rows are locked."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import Select, select, update

from db.models import Row
from db.prepared import Query, prepared


def held(statement: Select[Any], of: type[Row] | None = None, *, skip: bool = False) -> Select[Any]:
    """A select whose rows are locked until the transaction ends, and read as they are then.

    Others that hold one are waited for, or with `skip` their rows are left out. Rows that refer to
    a locked one can be inserted meanwhile. SQLite needs no locks and SQLAlchemy leaves them out.
    """
    locking = statement.with_for_update(key_share=True, skip_locked=skip, of=of)
    return locking.execution_options(populate_existing=True)


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
