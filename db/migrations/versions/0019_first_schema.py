"""the schema of the first version that others worked with

A database from before it cannot be brought up to date.
"""

revision = "0019"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing: a new database is made from the models (db/migrations/new_database.py)."""
