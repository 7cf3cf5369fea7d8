"""which touchpoint an ask for a favour was noted with"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("advocacy_entry", sa.Column("touchpoint_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("advocacy_entry", "touchpoint_id")
