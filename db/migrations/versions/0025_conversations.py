"""what a person said last; phone numbers of contacts"""

from db.migrations.tables import add_columns, create_table

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_columns("contact", "phone:text?")
    create_table(
        "last_said",
        "user_id:text channel:text text:text account_id:account? at:moment",
        unique="user_id channel",
    )
