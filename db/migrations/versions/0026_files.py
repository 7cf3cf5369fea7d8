"""files dropped in Slack and the answers to what they leave open"""

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
