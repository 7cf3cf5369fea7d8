"""What the clock and delivery ask of all workspaces at once.

Their statements are built once for each dialect and size of their list, and run on the driver: a
claim of some messages is a dozen, and so is a look that finds nothing to do. Building one costs
more than running it, and so does what SQLAlchemy does at each run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import RLock
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, bindparam, select

from db.direct import Words, run, run_many
from db.plans import Plan

_building = RLock()


class Statement:
    """Made of a function that builds it, of a list's parameters if it is for the values of one."""

    def __init__(self, build: Callable[..., Any]) -> None:
        self.build = build
        self._kept: dict[tuple[str, int | None], Words] = {}

    def rows(
        self, connection: Connection, told: Mapping[str, Any], listed: Sequence[Any] | None = None
    ) -> list[Any]:
        """The rows that it selects or returns, with their columns' names."""
        listed = _padded(listed)
        words = self._words(connection.dialect, listed)
        found = run(connection, words, {**told, **_numbered(listed)})
        # An update tells ids, and nothing else.
        return [words.read(row) for row in found] if isinstance(words, Plan) else found

    def value(self, connection: Connection, told: Mapping[str, Any]) -> Any:
        """The first column of the first row; None if there is none."""
        found = self.rows(connection, told)
        return found[0][0] if found else None

    def change(
        self, connection: Connection, told: Mapping[str, Any], listed: Sequence[Any] | None = None
    ) -> None:
        """Runs an update that returns nothing."""
        listed = _padded(listed)
        words = self._words(connection.dialect, listed)
        run(connection, words, {**told, **_numbered(listed)})

    def change_many(self, connection: Connection, told: Sequence[Mapping[str, Any]]) -> None:
        """The same once for each of them."""
        run_many(connection, self._words(connection.dialect, None), told)

    def _words(self, dialect: Dialect, listed: Sequence[Any] | None) -> Words:
        key = (dialect.name, None if listed is None else len(listed))
        if key not in self._kept:
            with _building:
                parameters: list[Any] = [bindparam(name) for name in _numbered(listed)]
                built = self.build() if listed is None else self.build(parameters)
                self._kept[key] = _words(built, dialect)
        return self._kept[key]


@contextmanager
def looking(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads, of all workspaces."""
    with engine.execution_options(linchpin_read=True).begin() as connection:
        yield connection


def look(engine: Engine, statement: Statement, **told: Any) -> list[Any]:
    """The rows of one statement, in a transaction of its own that only reads."""
    with looking(engine) as connection:
        return statement.rows(connection, told)


def look_first(engine: Engine, statement: Statement, **told: Any) -> Any:
    """The first row; None if there is none."""
    return next(iter(look(engine, statement, **told)), None)


def longest_waiting(model: Any, at: Any) -> Statement:
    """(workspace, id) of the row of a model whose time `at` came first, if it has come by `now`."""
    ids = select(model.workspace_id, model.id)
    come = ids.where(at <= bindparam("now"))
    return Statement(lambda: come.order_by(at, model.id).limit(1))


def look_for(engine: Engine, statement: Statement, **told: Any) -> Any:
    """The first column of the first row; None if there is none."""
    with looking(engine) as connection:
        return statement.value(connection, told)


def _words(statement: Any, dialect: Dialect) -> Words:
    words = Plan(statement, dialect) if statement.is_select else Words(statement, dialect)
    if not words.is_whole:
        raise RuntimeError(f"this is not the same each time it is run: {words.sql}")
    return words


def _padded(listed: Sequence[Any] | None) -> Sequence[Any] | None:
    """A list of 1, 2, 4 … values, so that few statements are built: its last value is said again,
    which makes no difference in `IN`."""
    if not listed:
        return listed
    size = 1 << (len(listed) - 1).bit_length()
    return [*listed, *[listed[-1]] * (size - len(listed))]


def _numbered(listed: Sequence[Any] | None) -> dict[str, Any]:
    return {f"listed_{place}": value for place, value in enumerate(listed or ())}
