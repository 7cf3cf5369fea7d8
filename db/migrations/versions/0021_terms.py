"""terms: what was called cycle"""

import sqlalchemy as sa
from alembic import op

from db.migrations.tables import create_table

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
    table = create_table(
        new,
        "account_id:account number:int began_at:moment ended_at:moment? outcome:text? reason:text? "
        "lost_to:text? renews_on:date? check_at:moment? source:text",
        unique="account_id number",
    )
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


def _reword(table: str, column: str, old: str, new: str) -> None:
    """Changes the word that rows begin with."""
    words = sa.table(table, sa.column(column, sa.String))
    text = words.c[column]
    changed = words.update().where(text.startswith(old, autoescape=True))
    op.execute(changed.values({column: sa.func.replace(text, old, new)}))
