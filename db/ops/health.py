"""What monitoring asks of the database, over all workspaces: counts and the oldest due message."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, func, select
from sqlmodel import col

from db.core.all_workspaces import reading
from db.core.engine import dialect_insert
from db.models import Finding, Heartbeat, Lane, Outbox
from db.outbox.states import EDITS_SUFFIX
from db.outbox.status import oldest_due


@dataclass(frozen=True)
class Figures:
    """`rows` counts the outbox by (state, kind); ages are seconds; `oldest_due` is 0 if none is."""

    rows: dict[tuple[str, str], int]
    oldest_due: float
    parked_lanes: int
    findings: int  # of the auditor, when it last looked
    beats: dict[str, float]  # name of a part: age of its last round


def figures(engine: Engine, now: datetime) -> Figures:
    """One reading transaction; a message of a parked lane is not counted as late."""
    with reading(engine) as connection:
        counted = connection.execute(_rows())
        rows = {(state, kind): int(count) for state, kind, count in counted}
        oldest = connection.scalar(oldest_due(now))
        parked = connection.scalar(_parked_lanes())
        findings = connection.scalar(select(func.coalesce(func.sum(col(Finding.count)), 0)))
        beats = connection.execute(select(col(Heartbeat.name), col(Heartbeat.at)))
        ages = {name: (now - at).total_seconds() for name, at in beats}
    late = (now - oldest).total_seconds() if oldest else 0.0
    return Figures(rows, late, int(parked or 0), int(findings or 0), ages)


def _rows() -> Any:
    by = (col(Outbox.state), col(Outbox.kind))
    counted: Any = select(*by, func.count()).group_by(*by)
    return counted


def _parked_lanes() -> Select[Any]:
    # A channel's edits are parked with its posts: it is one channel.
    return select(func.count()).where(
        col(Lane.parked_reason).is_not(None), ~col(Lane.lane).endswith(EDITS_SUFFIX)
    )


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
