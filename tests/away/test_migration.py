"""A database of the first version comes over: its absences, and every table as it is now."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text
from sqlmodel import col, select

from db.core.engine import NO_LIMIT, connect
from db.core.tx import read
from db.models import Absence
from db.upkeep import migrate
from tests.chaos.databases import POSTGRES, SQLITE, empty
from tests.upgrade import first_schema

PAST, AHEAD, DAY = "2026-11-20 09:00:00", "2026-12-07 09:00:00", "2026-12-06"
ROWS = (
    "INSERT INTO workspace (id, name, bot_user_id, created_at) "
    f"VALUES ('T1', 'T1', 'UBOT', '{PAST}')",
    "INSERT INTO away (workspace_id, user_id, deputy_id, until, began_at, ends_at, ended_at) VALUES"
    f" ('T1', 'U1', 'U2', '{DAY}', '{PAST}', '{AHEAD}', NULL),"
    f" ('T1', 'U3', 'U4', '{DAY}', '{PAST}', '{AHEAD}', '{PAST}')",
    "INSERT INTO away_plan (workspace_id, user_id, deputy_id, starts_on, starts_at, until, "
    "planned_at, closed_at) VALUES"
    f" ('T1', 'U5', 'U6', '{DAY}', '{AHEAD}', '{DAY}', '{PAST}', NULL),"
    f" ('T1', 'U7', 'U8', '{DAY}', '{AHEAD}', '{DAY}', '{PAST}', '{PAST}')",
)


@pytest.mark.parametrize("kind", [SQLITE, POSTGRES])
def test_absences_of_both_tables_are_brought_over(kind: str, tmp_path: Path) -> None:
    engine = connect(empty(kind, tmp_path), statement_seconds=NO_LIMIT)
    first_schema.create(engine)
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row))
    migrate.upgrade(engine)
    with read(engine, "T1") as tx:
        found = tx.all(select(Absence).order_by(col(Absence.id)))
    command.check(
        migrate.alembic_config(engine)
    )  # whatever came over, the tables are those of a new database
    engine.dispose()
    assert [(a.user_id, a.cover_id, a.since.day, a.until.day) for a in found] == [
        ("U1", "U2", 20, 6),
        ("U3", "U4", 20, 6),
        ("U5", "U6", 6, 6),
        ("U7", "U8", 6, 6),
    ]
    assert [a.began_at is not None for a in found] == [True, True, False, False]
    assert [a.wake_at is not None for a in found] == [True, False, True, False]
