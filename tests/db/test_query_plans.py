"""SQLite goes to the rows a statement is about, and does not read a workspace's whole table."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from db.core.engine import connect
from db.outbox import claim_batch, outcomes
from db.outbox.select_due import next_send_within
from db.outbox.states import RATE_LIMIT
from tests.databases import hasty, sqlite_file
from tests.delivery.helpers import START, TEAM, Clock, FakeSlack, Post, settle_in

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


def test_delivery_looks_claims_and_settles_without_reading_the_outbox_through(
    tmp_path: Path,
) -> None:
    engine = hasty(sqlite_file(tmp_path))
    settle_in(engine, START)
    for channel in ("C1", "C2"):
        Post(engine, FakeSlack(), Clock()).say(channel, channel=channel)
    sent: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, many: bool) -> None:
        sent.append((statement, parameters[0] if many else parameters))

    event.listen(engine, "before_cursor_execute", note)
    taken = [
        outcomes.SentMessage(mine, "C", "1", START) for mine in claim_batch(engine, TEAM, START, 9)
    ]
    outcomes.mark_sent_bulk(engine, taken)
    next_send_within(engine, TEAM, START, START + timedelta(seconds=9), RATE_LIMIT)
    event.remove(engine, "before_cursor_execute", note)
    of_outbox = [(told, values) for told, values in sent if "outbox" in told]
    assert len(of_outbox) >= 6
    with engine.connect() as connection:
        for told, values in of_outbox:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {told}", values)
            steps = [row.detail for row in plan]
            through = [s for s in steps if s.startswith("SCAN") and s != "SCAN picked"]
            assert not [*through, *(s for s in steps if s.endswith("(workspace_id=?)"))]
    engine.dispose()
