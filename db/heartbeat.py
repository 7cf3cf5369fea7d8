"""When each part of the program last did its round: clock, delivery, socket."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select
from sqlmodel import col

from db.models import Heartbeat
from db.rows import insert_of_dialect
from db.statements import looking


def beat(engine: Engine, name: str, at: datetime) -> None:
    """Notes that `name` did its round at `at`."""
    with engine.begin() as connection:
        statement = insert_of_dialect(connection.dialect.name, Heartbeat).values(name=name, at=at)
        newest = statement.on_conflict_do_update(index_elements=["name"], set_={"at": at})
        connection.execute(newest)


def last(engine: Engine) -> dict[str, datetime]:
    """The last round of each part that ever did one."""
    with looking(engine) as connection:
        found = connection.execute(select(col(Heartbeat.name), col(Heartbeat.at)))
        return {row.name: row.at for row in found}
