"""changes of pace that were told"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString()
    op.create_table(
        "pace_told",
        sa.Column("workspace_id", text, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("stage_entry", sa.Integer(), nullable=False),
        sa.Column("level", text, nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_pace_told_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_pace_told_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pace_told")),
        sa.UniqueConstraint(
            "workspace_id",
            "account_id",
            "stage_entry",
            "level",
            name=op.f("uq_pace_told_workspace_id_account_id_stage_entry_level"),
        ),
    )


def downgrade() -> None:
    op.drop_table("pace_told")
