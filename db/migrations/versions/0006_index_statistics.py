"""an index for an account's open touchpoints; what SQLite may expect of the indexes"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# SQLite knows nothing of its indexes until somebody runs ANALYZE, and then takes `workspace_id = ?`
# for a good choice: with one workspace it reads the whole table (900 ms for one account's
# touchpoints among 700,000). So it is told once how many rows a value of each column selects on
# average in a large team; what ANALYZE finds later counts over it.
# Format: https://sqlite.org/fileformat2.html, "the sqlite_stat1 table".
_EXPECTED = {
    "account": {
        "sqlite_autoindex_account_1": "100000 100000 1",
        "ix_account_slug": "100000 100000 1",
        "ix_account_stage": "100000 100000 90000 10000",
        "ix_account_manager": "100000 100000 2000",
        "ix_account_renewal": "100000 100000 300",
    },
    "alias": {"sqlite_autoindex_alias_1": "20000 20000 1", "ix_alias_account": "20000 20000 2"},
    "stage_change": {
        "sqlite_autoindex_stage_change_1": "300000 300000 3 1",
        "ix_stage_change_at": "300000 300000 2",
    },
    "interaction": {
        "sqlite_autoindex_interaction_1": "500000 500000 1",
        "ix_interaction_account": "500000 500000 10 2",
        "ix_interaction_created": "500000 500000 2",
    },
    "touchpoint": {
        "sqlite_autoindex_touchpoint_1": "700000 700000 12 7 1 1",
        "ix_touchpoint_account": "700000 700000 12 4",
        "ix_touchpoint_nudge": "700000 700000 3",
        "ix_touchpoint_state": "700000 700000 150000 40000",
        "ix_touchpoint_state_at": "700000 700000 5",
        "ix_touchpoint_wake": "700000 20",
    },
    "outbox": {
        "sqlite_autoindex_outbox_1": "500000 500000 1",
        "ix_outbox_lane": "500000 500000 1000 500 2 1",
        "ix_outbox_due": "500000 100000 2",
        "ix_outbox_message": "500000 500000 1000 1",
        "ix_outbox_root": "500000 500000 3",
        "ix_outbox_check": "500000 100000 2",
    },
    "lane": {"sqlite_autoindex_lane_1": "1000 1000 1", "ix_lane_next": "1000 2"},
    "inbox": {"sqlite_autoindex_inbox_1": "100000 100000 1"},
    "audit": {"ix_audit_at": "500000 500000 2"},
    "import_change": {"ix_import_change_run": "300000 300000 100000"},
    "reaction": {"sqlite_autoindex_reaction_1": "100000 100000 5000 3 2 1"},
    "person": {"sqlite_autoindex_person_1": "1000 1000 1"},
    "channel": {"sqlite_autoindex_channel_1": "500 500 1"},
}


def upgrade() -> None:
    op.create_index(
        "ix_touchpoint_account", "touchpoint", ["workspace_id", "account_id", "state"], unique=False
    )
    if op.get_bind().dialect.name == "sqlite":
        _expect()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DELETE FROM sqlite_stat1")
    op.drop_index("ix_touchpoint_account", table_name="touchpoint")


def _expect() -> None:
    op.execute("ANALYZE sqlite_schema")  # makes the table, where there is none yet
    for table, indexes in _EXPECTED.items():
        op.execute(f"DELETE FROM sqlite_stat1 WHERE tbl = '{table}'")
        for index, rows in indexes.items():
            op.execute(
                f"INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('{table}', '{index}', '{rows}')"
            )
    op.execute("ANALYZE sqlite_schema")  # lets this connection read it; others do when they open
