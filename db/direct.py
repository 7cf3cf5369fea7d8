"""Statements that are built once, run on the driver itself.

SQLAlchemy builds a statement, puts it into the dialect's words and knows how values are written
and read. What it does besides at each run costs ten times what the driver takes for a small one
(docs/performance.md); a command runs some forty. So the words are kept, with what writes and reads
their values, and the driver's own cursor of the same transaction runs them.

Whoever listens to an engine's statements (`before_cursor_execute`) hears these as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError

Rows = list[tuple[Any, ...]]


class Words:
    """A statement in the words of one dialect; with the names of the columns it sets, if any."""

    def __init__(self, statement: Any, dialect: Dialect, columns: Sequence[str] | None = None):
        made: Any = statement.compile(
            dialect=dialect, column_keys=None if columns is None else list(columns)
        )
        unknown = set(columns or ()).difference(made.bind_names.values())
        if unknown:
            raise ValueError(f"no such columns: {', '.join(sorted(unknown))}")
        self.sql = str(made)
        # Lists of unknown length, and values that SQLAlchemy makes at each run, are left to it.
        later = made.post_compile_params or made.literal_execute_params
        absent = {each.key: each.default for each in made.insert_prefetch}
        self.is_whole = not later and all(default.is_scalar for default in absent.values())
        self.has_rows = bool(made._result_columns)  # no `returning` says so reliably
        own = {name: bind.value for bind, name in made.bind_names.items() if not bind.required}
        self._own = {**own, **{key: default.arg for key, default in absent.items()}}
        self._order: Sequence[str] | None = made.positiontup
        written = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for bind, name in made.bind_names.items()
        }
        self._written = [(name, write) for name, write in written.items() if write is not None]

    def told(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver wants them, those of the statement itself among them."""
        found = {**self._own, **values} if self._own else dict(values)
        for name, write in self._written:
            found[name] = write(found[name])
        return found if self._order is None else tuple([found[name] for name in self._order])


def run(connection: Connection, words: Words, values: Mapping[str, Any]) -> Rows:
    """Runs a statement in the connection's transaction; its rows as the driver has them.

    Raises what SQLAlchemy would raise.
    """
    return _run(connection, words.sql, words.told(values), has_rows=words.has_rows)


def run_many(connection: Connection, words: Words, values: Sequence[Mapping[str, Any]]) -> None:
    """Runs a statement once for each of the values; its rows are nobody's."""
    _run(connection, words.sql, [words.told(each) for each in values], many=True)


def say(connection: Connection, sql: str) -> None:
    """Runs a statement without values or rows, in the driver's own words."""
    _run(connection, sql, ())


def _run(
    connection: Connection, sql: str, told: Any, *, has_rows: bool = False, many: bool = False
) -> Rows:
    if connection.dispatch.before_cursor_execute:
        heard = connection.exec_driver_sql(sql, told)
        return [tuple(row) for row in heard] if has_rows else []
    driver: Any = connection.connection
    cursor = driver.cursor()
    try:
        (cursor.executemany if many else cursor.execute)(sql, told)
        found: Rows = cursor.fetchall() if has_rows else []
        return found
    except connection.dialect.loaded_dbapi.Error as error:
        raise _as_told(connection, sql, told, error, cursor) from error
    finally:
        cursor.close()


def _as_told(
    connection: Connection, sql: str, told: Any, error: Exception, cursor: Any
) -> BaseException:
    """The error as SQLAlchemy tells it; a connection that broke is not used again."""
    dialect = connection.dialect
    is_broken = dialect.is_disconnect(error, connection.connection, cursor)  # type: ignore[arg-type]
    if is_broken:
        connection.invalidate(error)
    return DBAPIError.instance(
        sql,
        told,
        error,
        dialect.loaded_dbapi.Error,
        connection_invalidated=is_broken,
        dialect=dialect,
    )
