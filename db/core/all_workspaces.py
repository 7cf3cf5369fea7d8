"""What the clock and delivery read of all workspaces at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlmodel import col

from db.models import Row


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads; takes no write lock on SQLite."""
    with engine.execution_options(linchpin_read=True).begin() as connection:
        yield connection


def longest_waiting(
    engine: Engine, model: type[Row], at: Any, now: datetime, *where: Any
) -> tuple[str, int] | None:
    """(workspace, id) of the row whose time, in the column `at`, came first. None if no row that
    meets the conditions is due by `now`."""
    ids = (col(model.workspace_id), col(model.id))
    first = select(*ids).where(at <= now, *where).order_by(at, ids[1]).limit(1)
    with reading(engine) as connection:
        row = connection.execute(first).first()
    return None if row is None else (row[0], row[1])
