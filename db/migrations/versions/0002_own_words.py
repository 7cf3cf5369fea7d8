"""touchpoints with words of their own"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString()
    op.add_column("touchpoint", sa.Column("kind", text, server_default="play", nullable=False))
    op.add_column("touchpoint", sa.Column("ask", text, nullable=True))
    op.add_column("touchpoint", sa.Column("helps", text, nullable=True))


def downgrade() -> None:
    for column in ("helps", "ask", "kind"):
        op.drop_column("touchpoint", column)
