"""files dropped in Slack and the answers to what they leave open"""

from alembic import op

from db.migrations.tables import create_table

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # `answers` is JSON: question -> answer; `run` the import that it became.
    create_table(
        "dropped_file",
        "user_id:text file_id:text name:text answers:json run:int? at:moment",
    )
    # What programs write for "no date" left the calendar with the first sum.
    for table in ("account", "contract"):
        op.execute(
            f"UPDATE {table} SET renews_on = NULL "
            "WHERE renews_on < '1950-01-01' OR renews_on > '2200-01-01'"
        )
