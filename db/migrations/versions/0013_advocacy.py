"""advocacy, complaints that are settled, sectors"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString()
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.create_table(
        "advocacy_entry",
        sa.Column("workspace_id", text, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("act", text, nullable=False),
        sa.Column("verb", text, nullable=False),
        sa.Column("note", text, nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("by_user", text, nullable=True),
        sa.Column("source", text, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("undone_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_advocacy_entry_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_advocacy_entry_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advocacy_entry")),
    )
    of_account = ["workspace_id", "account_id", "at"]
    op.create_index("ix_advocacy_entry_account", "advocacy_entry", of_account)
    op.create_index("ix_advocacy_entry_at", "advocacy_entry", ["workspace_id", "at"])
    op.add_column("account", sa.Column("sector", text, nullable=True))
    op.add_column("account", sa.Column("country", text, nullable=True))
    op.add_column("interaction", sa.Column("resolved_at", moment, nullable=True))
    op.add_column("interaction", sa.Column("resolved_by", text, nullable=True))


def downgrade() -> None:
    for column in ("resolved_by", "resolved_at"):
        op.drop_column("interaction", column)
    for column in ("country", "sector"):
        op.drop_column("account", column)
    op.drop_table("advocacy_entry")
