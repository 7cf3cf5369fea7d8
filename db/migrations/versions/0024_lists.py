"""today's lists, their lines, and what waits for a person's morning"""

from alembic import op

from db.migrations.tables import add_columns, create_table

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_table(
        "touchpoint_list",
        "nudge_id:int lane:text day:date looked_on:date quiet_mornings:int folded_at:moment?",
        unique="nudge_id",
    )
    op.create_index(
        "ix_touchpoint_list_lane", "touchpoint_list", ["workspace_id", "lane", "folded_at", "day"]
    )
    create_table(
        "list_line",
        "nudge_id:int touchpoint_id:touchpoint number:int hidden:flag opened:flag",
        unique="nudge_id touchpoint_id",
    )
    op.create_index("ix_list_line_touchpoint", "list_line", ["workspace_id", "touchpoint_id"])
    create_table(
        "news",
        "user_id:text account_id:account? key:text text:text button:json? tell_at:moment? "
        "created_at:moment",
        unique="user_id key",
    )
    op.create_index("ix_news_tell_at", "news", ["tell_at"])
    add_columns("channel", "playbook_name:text?")
    op.drop_column("touchpoint", "reminded_at")
    op.drop_column("handoff", "lead_message_id")
    # Where Linchpin has posted before, it is known.
    for table, place in (("channel", "channel_id"), ("person", "user_id")):
        add_columns(table, "introduced_at:moment?")
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
    add_columns("person", "digest_hour:int?")
    op.execute("UPDATE person SET digest_hour = digest_at WHERE digest_at <> 9")
    op.drop_column("person", "digest_at")
    # What earlier versions were about to remind of joins the next morning's list.
    op.execute(
        "UPDATE touchpoint SET wake_at = state_at WHERE state = 'nudged' AND kind <> 'renewal'"
    )
