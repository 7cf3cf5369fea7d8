"""postponed touchpoints and ignored reactions: columns by their names in the code"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("touchpoint", "held_since", "postponed_since"),
    ("touchpoint", "held_until", "postponed_until"),
    ("touchpoint", "held_for", "postponed_because"),
    ("touchpoint", "held_latest", "postponed_latest"),
    ("reaction", "spent", "ignored"),
)


def upgrade() -> None:
    for table, old, new in _COLUMNS:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
