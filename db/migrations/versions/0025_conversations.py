"""what a person said last; phone numbers of contacts"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString()
_MOMENT = sqlmodel.sql.sqltypes.UTCDateTime()


def upgrade() -> None:
    op.add_column("contact", sa.Column("phone", _TEXT, nullable=True))
    op.create_table(
        "last_said",
        sa.Column("workspace_id", _TEXT, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", _TEXT, nullable=False),
        sa.Column("channel", _TEXT, nullable=False),
        sa.Column("text", _TEXT, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_last_said_workspace_id"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_last_said_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_last_said"),
        sa.UniqueConstraint(
            "workspace_id", "user_id", "channel", name="uq_last_said_workspace_id_user_id_channel"
        ),
    )
