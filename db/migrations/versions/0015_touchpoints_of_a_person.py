"""a department's touchpoint that somebody in particular took on"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# What was promised by a person so far is theirs from now on.
_PROMISED = """
UPDATE touchpoint SET person_id = (
    SELECT promise.keeper_id FROM promise WHERE promise.touchpoint_id = touchpoint.id
) WHERE kind = 'promise' AND owner <> 'manager'
"""


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString()
    op.add_column("touchpoint", sa.Column("person_id", text, nullable=True))
    op.execute(_PROMISED)


def downgrade() -> None:
    op.drop_column("touchpoint", "person_id")
