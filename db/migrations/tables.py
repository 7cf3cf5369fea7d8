"""How migrations say tables: a column is "name:kind", with ? where it may be empty; the name of a
table as the kind is a reference to its id."""

from typing import Any, Final

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

_TYPES: Final[dict[str, sa.types.TypeEngine[Any]]] = {
    "text": sqlmodel.sql.sqltypes.AutoString(),
    "int": sa.Integer(),
    "bigint": sa.BigInteger(),
    "moment": sqlmodel.sql.sqltypes.UTCDateTime(),
    "date": sa.Date(),
    "flag": sa.Boolean(),  # False in the rows that are there
    "json": sa.JSON(),
}


def create_table(table: str, columns: str, unique: str = "") -> sa.Table:
    """Makes a table of rows that belong to a workspace; `unique` are columns."""
    key = ("workspace_id", *unique.split())
    parts: list[sa.schema.SchemaItem] = [sa.Column("workspace_id", _TYPES["text"], nullable=False)]
    parts += map(_column, ("id:int", *columns.split()))
    parts.append(sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")))
    for words in ("workspace_id:workspace", *columns.split()):
        name, _, kind = words.removesuffix("?").partition(":")
        if kind not in _TYPES:
            fk = op.f(f"fk_{table}_{name}")
            parts.append(sa.ForeignKeyConstraint([name], [f"{kind}.id"], name=fk))
    if unique:
        parts.append(sa.UniqueConstraint(*key, name=op.f(f"uq_{table}_{'_'.join(key)}")))
    return op.create_table(table, *parts)


def add_columns(table: str, columns: str) -> None:
    for words in columns.split():
        op.add_column(table, _column(words))


def _column(words: str) -> sa.Column[Any]:
    name, _, kind = words.removesuffix("?").partition(":")
    default = sa.false() if kind == "flag" else None
    of_type = _TYPES.get(kind, _TYPES["int"])
    return sa.Column(name, of_type, server_default=default, nullable=words.endswith("?"))
