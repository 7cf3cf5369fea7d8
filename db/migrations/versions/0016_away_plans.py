"""absences that are still to begin"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString()
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.create_table(
        "away_plan",
        sa.Column("workspace_id", text, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", text, nullable=False),
        sa.Column("deputy_id", text, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("planned_at", moment, nullable=False),
        sa.Column("closed_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_away_plan_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_away_plan")),
    )
    op.create_index("ix_away_plan_starts", "away_plan", ["closed_at", "starts_at"], unique=False)
    op.create_index(
        "ix_away_plan_user", "away_plan", ["workspace_id", "closed_at", "user_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_away_plan_user", table_name="away_plan")
    op.drop_index("ix_away_plan_starts", table_name="away_plan")
    op.drop_table("away_plan")
