"""Makes the tables of a new database, as the models say them."""

from typing import Final

from sqlalchemy import Connection
from sqlmodel import SQLModel

# SQLite knows nothing of its indexes until somebody runs ANALYZE, and then takes `workspace_id = ?`
# for a good choice: with one workspace it reads the whole table (900 ms for one account's
# touchpoints among 700,000). So it is told once how many rows a value of each column selects on
# average in a large team; what ANALYZE finds later counts over it.
# Format: https://sqlite.org/fileformat2.html, "the sqlite_stat1 table".
_EXPECTED: Final = {
    "ix_account_manager": "account 100000 100000 2000",
    "ix_account_renewal": "account 100000 100000 300",
    "ix_account_slug": "account 100000 100000 1",
    "ix_account_stage": "account 100000 100000 90000 10000",
    "sqlite_autoindex_account_1": "account 100000 100000 1",
    "ix_alias_account": "alias 20000 20000 2",
    "sqlite_autoindex_alias_1": "alias 20000 20000 1",
    "ix_audit_at": "audit 500000 500000 2",
    "sqlite_autoindex_channel_1": "channel 500 500 1",
    "ix_import_change_run": "import_change 300000 300000 100000",
    "sqlite_autoindex_inbox_1": "inbox 100000 100000 1",
    "ix_interaction_account": "interaction 500000 500000 10 2",
    "ix_interaction_created": "interaction 500000 500000 2",
    "sqlite_autoindex_interaction_1": "interaction 500000 500000 1",
    "ix_lane_next": "lane 1000 2",
    "sqlite_autoindex_lane_1": "lane 1000 1000 1",
    "ix_outbox_check": "outbox 500000 100000 2",
    "ix_outbox_due": "outbox 500000 100000 2",
    "ix_outbox_lane": "outbox 500000 500000 1000 500 2 1",
    "ix_outbox_message": "outbox 500000 500000 1000 1",
    "ix_outbox_root": "outbox 500000 500000 3",
    "sqlite_autoindex_outbox_1": "outbox 500000 500000 1",
    "sqlite_autoindex_person_1": "person 1000 1000 1",
    "sqlite_autoindex_reaction_1": "reaction 100000 100000 5000 3 2 1",
    "ix_stage_change_at": "stage_change 300000 300000 2",
    "sqlite_autoindex_stage_change_1": "stage_change 300000 300000 3 1",
    "ix_touchpoint_account": "touchpoint 700000 700000 12 4",
    "ix_touchpoint_nudge": "touchpoint 700000 700000 3",
    "ix_touchpoint_state": "touchpoint 700000 700000 150000 40000",
    "ix_touchpoint_state_at": "touchpoint 700000 700000 5",
    "ix_touchpoint_wake": "touchpoint 700000 20",
    "sqlite_autoindex_touchpoint_1": "touchpoint 700000 700000 12 7 1 1",
}


def create_tables(connection: Connection) -> None:
    """Makes every table and, on SQLite, says what to expect of the indexes."""
    SQLModel.metadata.create_all(connection)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("ANALYZE sqlite_schema")  # makes the table of what is expected
        connection.exec_driver_sql("DELETE FROM sqlite_stat1")
        for index, words in _EXPECTED.items():
            row = (index, *words.split(" ", 1))
            connection.exec_driver_sql(
                "INSERT INTO sqlite_stat1 (idx, tbl, stat) VALUES (?, ?, ?)", row
            )
