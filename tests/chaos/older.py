"""A database as an older version left it: its schema by Alembic, rows that fit whatever that is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Engine, Integer, MetaData, Table
from sqlalchemy.types import TypeEngine

from db.core.engine import is_sqlite
from db.upkeep import migrate

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
WORKSPACES = 2
#: What later versions call a table or a column.
_RENAMED = {
    "cycle": "term",
    "next_cycle": "next_term",
    "held_since": "postponed_since",
    "held_until": "postponed_until",
    "held_for": "postponed_because",
    "held_latest": "postponed_latest",
    "spent": "ignored",
}
OTHERS = 200  # rows of each table that does not hang on an account


def revisions(engine: Engine) -> list[str]:
    """Every revision, the oldest first."""
    script = ScriptDirectory.from_config(migrate.alembic_config(engine))
    return [each.revision for each in script.walk_revisions()][::-1]


class Contents:
    """What a database holds, whatever its schema: its tables are read from it, once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        found = MetaData()
        with self._reading() as connection:
            found.reflect(connection)
        tables = [table for table in found.sorted_tables if table.name != "alembic_version"]
        self._tables = {table.name: table for table in tables}  # parents first

    @property
    def columns(self) -> dict[str, list[str]]:
        """The names of the columns of every table."""
        return {name: each.columns.keys() for name, each in self._tables.items()}

    def fill(self, accounts: int) -> None:
        """So many accounts, and a row of each account in each table that refers to it."""
        counts = {name: _count(table, accounts) for name, table in self._tables.items()}
        with self._engine.begin() as connection:
            for table in self._tables.values():
                numbers = range(counts[table.name])
                rows = [_row(table, number, counts, self._engine) for number in numbers]
                connection.execute(table.insert(), rows)

    def rows(self, of: dict[str, list[str]]) -> dict[str, tuple[int, str]]:
        """Of each table that is there: how many rows, and a digest of the columns named."""
        found = {}
        with self._reading() as connection:
            for name, columns in of.items():
                table = self._tables.get(name, self._tables.get(_RENAMED.get(name, name)))
                if table is None:
                    continue
                digest, count = sha256(), 0
                known = [each if each in table.c else _RENAMED.get(each, each) for each in columns]
                wanted = [table.c[each] for each in known if each in table.c]
                asked = table.select().with_only_columns(*wanted)
                for row in connection.execute(asked.order_by(*table.primary_key.columns)):
                    digest.update(repr(tuple(row)).encode())
                    count += 1
                found[name] = (count, digest.hexdigest())
        return found

    def orphans(self) -> int:
        """Rows that refer to a row that is not there: by SQL, and by SQLite's foreign_key_check."""
        with self._reading() as connection:
            found = sum(connection.exec_driver_sql(each).scalar() or 0 for each in self._missing())
            if is_sqlite(self._engine):
                found += len(connection.exec_driver_sql("PRAGMA foreign_key_check").all())
        return found

    def _missing(self) -> Iterator[str]:
        for table in self._tables.values():
            for key in table.foreign_keys:
                mine, theirs = key.parent.name, key.column
                yield (
                    f"SELECT count(*) FROM {table.name} AS child WHERE child.{mine} IS NOT NULL "
                    f"AND NOT EXISTS (SELECT 1 FROM {theirs.table.name} AS parent "
                    f"WHERE parent.{theirs.name} = child.{mine})"
                )

    def _reading(self) -> Any:
        return self._engine.execution_options(linchpin_read=True).connect()


def _count(table: Table, accounts: int) -> int:
    if table.name == "workspace":
        return WORKSPACES
    of_account = any(key.column.table.name == "account" for key in table.foreign_keys)
    return accounts if of_account or table.name == "account" else OTHERS


def _row(table: Table, number: int, counts: dict[str, int], engine: Engine) -> dict[str, Any]:
    return {
        column.name: _value(column, number, counts, engine)
        for column in table.columns
        if not (column.primary_key and isinstance(column.type, Integer))
    }


def _value(column: Column[Any], number: int, counts: dict[str, int], engine: Engine) -> Any:
    for key in column.foreign_keys:
        parent = key.column.table
        if parent.name == column.table.name:
            return None  # the first row could refer to no other
        place = number % counts[parent.name]
        return place + 1 if isinstance(key.column.type, Integer) else _word(key.column, place)
    return _plain(column.type, column, number, engine)


def _plain(kind: TypeEngine[Any], column: Column[Any], number: int, engine: Engine) -> Any:
    match kind:
        case Boolean():
            return number % 2 == 0
        case Integer():
            return number
        case DateTime():
            at = FIRST + timedelta(minutes=number)
            return at.replace(tzinfo=None) if is_sqlite(engine) else at
        case Date():
            return date(2026, 1, 1) + timedelta(days=number)
        case JSON():
            return {"number": number}
        case _:
            return _word(column, number)


def _word(column: Column[Any], number: int) -> str:
    return f"{column.table.name} {column.name} {number:05}"
