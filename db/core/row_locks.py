"""How rows are locked."""

from typing import Any, TypeVar

from sqlalchemy import Select

from db.models import Row

S = TypeVar("S", bound=Select[*tuple[Any, ...]])


def lock_rows(statement: S, of: type[Row] | None = None, *, skip: bool = False) -> S:
    """A select whose rows are locked until the transaction ends, and read as they are then. Others
    that hold one are waited for, or with `skip` their rows are left out. Rows that refer to a
    locked one can be inserted meanwhile. SQLite needs no locks and SQLAlchemy leaves them out."""
    locking = statement.with_for_update(key_share=True, skip_locked=skip, of=of)
    return locking.execution_options(populate_existing=True)
