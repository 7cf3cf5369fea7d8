"""When each part of the program last did its round: clock, delivery, socket."""

from datetime import datetime

from sqlalchemy import Engine, select
from sqlmodel import col

from db.core.all_workspaces import reading
from db.core.engine import dialect_insert
from db.models import Heartbeat


def record_beat(engine: Engine, name: str, at: datetime) -> None:
    """Notes that `name` did its round at `at`."""
    with engine.begin() as connection:
        beat = dialect_insert(connection, Heartbeat).values(name=name, at=at)
        connection.execute(beat.on_conflict_do_update(index_elements=["name"], set_={"at": at}))


def last_beats(engine: Engine) -> dict[str, datetime]:
    """The last round of each part that ever did one."""
    with reading(engine) as connection:
        found = connection.execute(select(col(Heartbeat.name), col(Heartbeat.at)))
        return {row.name: row.at for row in found}
