"""today's lists, their lines, and what waits for a person's morning"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString()
_MOMENT = sqlmodel.sql.sqltypes.UTCDateTime()


def upgrade() -> None:
    op.create_table(
        "touchpoint_list",
        *_of_workspace("touchpoint_list"),
        sa.Column("nudge_id", sa.Integer(), nullable=False),
        sa.Column("lane", _TEXT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.Column("quiet_mornings", sa.Integer(), nullable=False),
        sa.Column("folded_at", _MOMENT, nullable=True),
        _unique("touchpoint_list", "nudge_id"),
    )
    op.create_index(
        "ix_touchpoint_list_lane", "touchpoint_list", ["workspace_id", "lane", "folded_at", "day"]
    )
    op.create_table(
        "list_line",
        *_of_workspace("list_line"),
        sa.Column("nudge_id", sa.Integer(), nullable=False),
        sa.Column("touchpoint_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("opened", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["touchpoint_id"], ["touchpoint.id"], name="fk_list_line_touchpoint_id"
        ),
        _unique("list_line", "nudge_id", "touchpoint_id"),
    )
    op.create_index("ix_list_line_touchpoint", "list_line", ["workspace_id", "touchpoint_id"])
    op.create_table(
        "news",
        *_of_workspace("news"),
        sa.Column("user_id", _TEXT, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("key", _TEXT, nullable=False),
        sa.Column("text", _TEXT, nullable=False),
        sa.Column("button", sa.JSON(), nullable=True),
        sa.Column("tell_at", _MOMENT, nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_news_account_id"),
        _unique("news", "user_id", "key"),
    )
    op.create_index("ix_news_tell_at", "news", ["tell_at"])
    op.add_column("channel", sa.Column("playbook_name", _TEXT, nullable=True))
    op.drop_column("touchpoint", "reminded_at")
    op.drop_column("handoff", "lead_message_id")
    # Where Linchpin has posted before, it is known.
    for table, place in (("channel", "channel_id"), ("person", "user_id")):
        op.add_column(table, sa.Column("introduced_at", _MOMENT, nullable=True))
        op.execute(
            f"UPDATE {table} SET introduced_at = fetched_at WHERE EXISTS (SELECT 1 FROM outbox "
            f"WHERE outbox.workspace_id = {table}.workspace_id AND outbox.lane = {table}.{place} "
            "AND outbox.state = 'sent')"
        )
    # A digest shows its picture itself: none comes into its thread any more.
    waiting = "method = 'files.upload' AND state IN ('pending', 'sending', 'unknown', 'held')"
    op.execute(f"UPDATE outbox SET state = 'cancelled' WHERE {waiting}")
    # 9:00 was everybody's hour: only another one was chosen.
    op.execute("ALTER TABLE person RENAME COLUMN digest_hour TO digest_at")
    op.add_column("person", sa.Column("digest_hour", sa.Integer(), nullable=True))
    op.execute("UPDATE person SET digest_hour = digest_at WHERE digest_at <> 9")
    op.drop_column("person", "digest_at")
    # What earlier versions were about to remind of joins the next morning's list.
    op.execute(
        "UPDATE touchpoint SET wake_at = state_at WHERE state = 'nudged' AND kind <> 'renewal'"
    )


def _of_workspace(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("workspace_id", _TEXT, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=f"fk_{table}_workspace_id"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    key = ("workspace_id", *columns)
    return sa.UniqueConstraint(*key, name=op.f(f"uq_{table}_{'_'.join(key)}"))
