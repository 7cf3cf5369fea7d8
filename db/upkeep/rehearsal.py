"""A copy of a workspace in memory, to live through what is to come; nothing is sent from it."""

from typing import Final

from sqlalchemy import Engine, insert, select
from sqlmodel import SQLModel

from db import models
from db.core.engine import connect

#: What was sent, and records of what was done: they say nothing of what is to come.
_LEFT_OUT: Final = {
    model.__tablename__
    for model in (
        models.Audit,
        models.Finding,
        models.Heartbeat,
        models.Home,
        models.ImportChange,
        models.ImportRun,
        models.Inbox,
        models.Lane,
        models.Occurrence,
        models.Outbox,
        models.Reaction,
        models.Said,
    )
}


def empty_copy() -> Engine:
    """A database in memory with the newest schema."""
    engine = connect("sqlite://")
    SQLModel.metadata.create_all(engine)
    return engine


def copy_workspace(source: Engine, workspace: str) -> Engine:
    """The workspace as it is now, in a database of its own."""
    engine = empty_copy()
    reading = source.execution_options(linchpin_read=True)
    with reading.connect() as old, engine.begin() as new:
        for table in SQLModel.metadata.sorted_tables:
            if table.name not in _LEFT_OUT:
                own = table.c.id if table.name == "workspace" else table.c.workspace_id
                rows = old.execute(select(table).where(own == workspace)).mappings()
                if found := [dict(row) for row in rows]:
                    new.execute(insert(table), found)
    return engine
