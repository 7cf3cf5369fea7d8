"""what is held because enough was asked"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TIMES = ("held_since", "held_until", "held_latest")


def upgrade() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    for name in _TIMES:
        op.add_column("touchpoint", sa.Column(name, moment, nullable=True))
    text = sqlmodel.sql.sqltypes.AutoString()
    op.add_column("touchpoint", sa.Column("held_for", text, nullable=True))
    told = ["workspace_id", "lane", "kind", "created_at"]
    op.create_index("ix_outbox_told", "outbox", told)


def downgrade() -> None:
    op.drop_index("ix_outbox_told", "outbox")
    for column in ("held_for", *_TIMES):
        op.drop_column("touchpoint", column)
