"""versions of the playbook"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString()
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.create_table(
        "playbook_version",
        sa.Column("workspace_id", text, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", text, nullable=False),
        sa.Column("name", text, nullable=False),
        sa.Column("source", text, nullable=False),
        sa.Column("text", text, nullable=False),
        sa.Column("brought_at", moment, nullable=False),
        sa.Column("taken_at", moment, nullable=True),
        sa.Column("left_at", moment, nullable=True),
        sa.Column("turned_down_at", moment, nullable=True),
        sa.Column("by_user", text, nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_playbook_version_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playbook_version")),
        sa.UniqueConstraint(
            "workspace_id", "version", name=op.f("uq_playbook_version_workspace_id_version")
        ),
    )
    op.add_column("workspace", sa.Column("playbook", text, nullable=True))
    op.add_column("touchpoint", sa.Column("playbook", text, nullable=True))


def downgrade() -> None:
    op.drop_column("touchpoint", "playbook")
    op.drop_column("workspace", "playbook")
    op.drop_table("playbook_version")
