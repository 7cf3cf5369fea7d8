"""Homes are shown anew for what others change"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("later_at", "opened_at"):
        kind = sqlmodel.sql.sqltypes.UTCDateTime()
        op.add_column("home", sa.Column(column, kind, nullable=True))
    op.create_index("ix_home_later", "home", ["later_at"])


def downgrade() -> None:
    op.drop_index("ix_home_later", table_name="home")
    for column in ("opened_at", "later_at"):
        op.drop_column("home", column)
