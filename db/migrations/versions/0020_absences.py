"""absences, whether they have begun or not, in one table"""

from alembic import op

from db.migrations.tables import create_table

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_COLUMNS = "workspace_id, user_id, cover_id, since, until, created_at, began_at, wake_at"
_BEGUN = f"""
INSERT INTO absence ({_COLUMNS})
SELECT workspace_id, user_id, deputy_id, date(began_at), until, began_at, began_at,
    CASE WHEN ended_at IS NULL THEN ends_at END
FROM away ORDER BY id
"""
# A plan that has begun is a row of both tables: its own is over.
_PLANNED = f"""
INSERT INTO absence ({_COLUMNS})
SELECT workspace_id, user_id, deputy_id, starts_on, until, planned_at, NULL,
    CASE WHEN closed_at IS NULL THEN starts_at END
FROM away_plan ORDER BY id
"""


def upgrade() -> None:
    create_table(
        "absence",
        "user_id:text cover_id:text since:date until:date created_at:moment began_at:moment? "
        "wake_at:moment?",
    )
    op.create_index("ix_absence_user", "absence", ["workspace_id", "wake_at", "user_id"])
    op.create_index("ix_absence_wake", "absence", ["wake_at"])
    op.execute(_BEGUN)
    op.execute(_PLANNED)
    op.drop_table("away")
    op.drop_table("away_plan")
