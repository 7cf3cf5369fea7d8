"""absences, whether they have begun or not, in one table"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

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
    text = sqlmodel.sql.sqltypes.AutoString()
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.create_table(
        "absence",
        sa.Column("workspace_id", text, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", text, nullable=False),
        sa.Column("cover_id", text, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("began_at", moment, nullable=True),
        sa.Column("wake_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_absence_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_user", "absence", ["workspace_id", "wake_at", "user_id"])
    op.create_index("ix_absence_wake", "absence", ["wake_at"])
    op.execute(_BEGUN)
    op.execute(_PLANNED)
    op.drop_table("away")
    op.drop_table("away_plan")
