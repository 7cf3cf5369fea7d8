"""SQLite goes to the rows a statement is about, and does not read a workspace's whole table."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from db.engine import connect
from tests.databases import sqlite_file

STATEMENTS = {
    "an account's open touchpoints": (
        "SELECT * FROM touchpoint WHERE workspace_id = 'T1' AND account_id = 7 "
        "AND state IN ('planned', 'nudged', 'claimed') ORDER BY due_at, id"
    ),
    "some touchpoints by their ids": (
        "UPDATE touchpoint SET state = 'nudged' WHERE workspace_id = 'T1' "
        "AND id IN (1, 2, 3, 4, 5, 6, 7, 8, 9)"
    ),
    "some accounts by their ids": (
        "SELECT * FROM account WHERE workspace_id = 'T1' AND id IN (1, 2, 3, 4, 5, 6, 7, 8, 9)"
    ),
}


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
def test_the_plan_names_the_rows(tmp_path: Path, statement: str) -> None:
    engine = connect(sqlite_file(tmp_path))
    with engine.connect() as connection:
        plan = [row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {statement}"))]
    engine.dispose()
    assert "account_id=?" in plan[0] or "rowid=?" in plan[0], plan
