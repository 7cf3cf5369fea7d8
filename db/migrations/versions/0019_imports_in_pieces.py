"""an import writes a piece at a time, and says when it has come to its end"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.add_column("import_run", sa.Column("finished_at", moment, nullable=True))
    op.execute("UPDATE import_run SET finished_at = at")


def downgrade() -> None:
    op.drop_column("import_run", "finished_at")
