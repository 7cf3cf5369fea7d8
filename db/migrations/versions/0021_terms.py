"""terms: what was called cycle"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("account", "cycle", "term"),
    ("stage_change", "cycle", "term"),
    ("alternative", "cycle", "term"),
    ("decision", "cycle", "term"),
    ("decision", "next_cycle", "next_term"),
    ("value_entry", "cycle", "term"),
    ("promise", "cycle", "term"),
    ("advocacy_entry", "cycle", "term"),
)


def upgrade() -> None:
    for table, old, new in _COLUMNS:
        # SQLite and PostgreSQL rename a column in place; Alembic would copy SQLite's table.
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
    _copy("cycle", "term")


def _copy(old: str, new: str) -> None:
    """Moves the table's rows to a table of the new name, whose constraints are named after it."""
    table = _table(new)
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    op.execute(f"INSERT INTO {new} ({names}) SELECT {names} FROM {old}")
    if op.get_bind().dialect.name == "postgresql":
        last = f"SELECT coalesce(max(id), 0) + 1 FROM {old}"
        op.execute(f"SELECT setval(pg_get_serial_sequence('{new}', 'id'), ({last}), false)")
    op.drop_table(old)
    op.create_index(f"ix_{new}_check", new, ["check_at"])
    op.create_index(f"ix_{new}_ended", new, ["workspace_id", "ended_at"])
    _reword("audit", "verb", f"{old}.", f"{new}.")
    _reword("import_change", "table", old, new)


def _table(name: str) -> sa.Table:
    text, moment = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    return op.create_table(
        name,
        sa.Column("workspace_id", text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("began_at", moment(), nullable=False),
        sa.Column("ended_at", moment(), nullable=True),
        sa.Column("outcome", text(), nullable=True),
        sa.Column("reason", text(), nullable=True),
        sa.Column("lost_to", text(), nullable=True),
        sa.Column("renews_on", sa.Date(), nullable=True),
        sa.Column("check_at", moment(), nullable=True),
        sa.Column("source", text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=f"fk_{name}_account_id"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=f"fk_{name}_workspace_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint(
            "workspace_id", "account_id", "number", name=f"uq_{name}_workspace_id_account_id_number"
        ),
    )


def _reword(table: str, column: str, old: str, new: str) -> None:
    """Changes the word that rows begin with."""
    words = sa.table(table, sa.column(column, sa.String))
    text = words.c[column]
    changed = words.update().where(text.startswith(old, autoescape=True))
    op.execute(changed.values({column: sa.func.replace(text, old, new)}))
