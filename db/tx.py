"""A transaction is opened *for* a workspace; through it no other workspace can be seen.

Every statement that goes through a `Tx` is narrowed to its workspace: a prepared one when it is
built, any other by a hook of the session; and every row added is stamped with it. A statement that
cannot be narrowed is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import (
    ClauseElement,
    Connection,
    Engine,
    Executable,
    Select,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import class_mapper, make_transient_to_detached
from sqlalchemy.orm.attributes import (
    QueryableAttribute,
    manager_of_class,
    set_committed_value,
)
from sqlmodel import SQLModel

from db.by_id import held_of_id, of_id, set_of_id
from db.direct import run
from db.models import Row, Workspace
from db.name_changes import has_names, raise_version
from db.plans import Part
from db.prepared import NARROWED, WORKSPACE, Query
from db.rows import insert_row, insert_rows, values_of
from db.session import AS_IT_IS, OwnSession, stamp

R = TypeVar("R", bound=Row)
T = TypeVar("T")
_PIECE = 1_000
_EXPRESSIONS = (ClauseElement, QueryableAttribute)


class Tx:
    """What a caller may do inside one transaction of one workspace."""

    def __init__(self, session: OwnSession) -> None:
        self._session = session
        self._own = {WORKSPACE: session.workspace}
        self._connection: Connection | None = None
        self._kept: dict[tuple[type[SQLModel], Any, Any], Any] = {}
        self._done: set[tuple[Any, ...]] = set()
        self._has_renamed = False

    @property
    def workspace(self) -> str:
        """The workspace's id (Slack's `T…`)."""
        return self._session.workspace

    @property
    def connection(self) -> Connection:
        """For statements inside `db` that carry the workspace themselves: nothing narrows these."""
        self._session.flush()
        if self._connection is None:
            self._connection = self._session.connection()
        return self._connection

    def add(self, row: R) -> R:
        """Adds a row to this workspace and gives it its id."""
        if isinstance(row, Row):
            stamp(row, self.workspace)
        row.id = insert_row(self.connection, type(row), values_of(row))
        self._forget(type(row))
        if has_names(type(row)):
            self.names_changed()
        return self.adopt(row)

    def adopt(self, row: R) -> R:
        """Takes a row that is in the database as it is here: from now on its changes are saved."""
        make_transient_to_detached(row)
        self._session.add(row)
        return row

    def add_all(self, model: type[R], rows: Sequence[dict[str, Any]]) -> None:
        """Inserts rows, all of the same columns, in one statement; no object is made of them."""
        if rows:
            stamped = [{**row, "workspace_id": self.workspace} for row in rows]
            insert_rows(self.connection, model, stamped)
            self.wrote(model)

    def get(self, model: type[R], row_id: int | None) -> R | None:
        """The row of that id in this workspace, as it was when this transaction first saw it."""
        if row_id is None:
            return None
        known: R | None = self._seen(model, row_id)
        if known is not None:
            return known
        found: R | None = self.first(of_id(model)(row_id))
        return found

    def hold(self, row: R) -> bool:
        """Locks a row until the transaction ends and reads it anew; False if it is gone.

        On SQLite, which lets one writer in at a time, it is locked already: what this transaction
        has seen is as it was.
        """
        if self.connection.dialect.name == "sqlite" and row in self._session:
            return True
        return self.first(held_of_id(type(row))(row.id)) is not None  # type: ignore[attr-defined]

    def kept(self, model: type[SQLModel], read: Callable[..., T], *told: Any) -> T:
        """What `read(tx, *told)` finds in the model's table: read once, and anew once this
        transaction has written there. What others write meanwhile is for the next transaction."""
        key = (model, read, told)
        if key not in self._kept:
            self._kept[key] = read(self, *told)
        found: T = self._kept[key]
        return found

    def once(self, *what: Any) -> bool:
        """True the first time in this transaction."""
        is_first = what not in self._done
        self._done.add(what)
        return is_first

    def all(self, statement: Executable | Query) -> list[Any]:
        """Every row of a select of one entity or one column."""
        return [row[0] for row in self.rows(statement)]

    def rows(self, statement: Executable | Query) -> list[Any]:
        """Every row of a select of several columns, as named tuples."""
        if isinstance(statement, Query):
            return self._prepared(statement)
        self._session.flush()
        return list(self._session.execute(statement))

    def each(self, statement: Executable) -> Iterator[Any]:
        """The rows of a select of columns, of which few are in memory at a time."""
        self._session.flush()
        yield from self._session.execute(statement, execution_options={"yield_per": _PIECE})

    def first(self, statement: Select[Any] | Query) -> Any:
        """The first row of a select of one entity or one column, or None."""
        if isinstance(statement, Query):
            rows = self._prepared(statement, only_first=True)
        else:
            rows = self.rows(statement.limit(1))
        return rows[0][0] if rows else None

    def count(self, model: type[Row], *where: Any) -> int:
        """How many rows of this workspace meet the conditions."""
        statement = select(func.count()).select_from(model).where(*where)
        return int(self.first(statement) or 0)

    def change(self, statement: Executable) -> int:
        """Runs an update or delete; returns how many rows it met."""
        self._session.flush()
        self._kept.clear()
        result = self._session.execute(
            statement, execution_options={"synchronize_session": "fetch"}
        )
        assert isinstance(result, CursorResult)
        return int(result.rowcount)

    def update(self, model: type[R], *where: Any, **values: Any) -> int:
        """Changes every row of this workspace that meets the conditions; returns how many.

        A value may be an expression, like `col(Account.version) + 1`.
        """
        computed = {name: it for name, it in values.items() if isinstance(it, _EXPRESSIONS)}
        plain = {name: it for name, it in values.items() if name not in computed}
        columns = [getattr(model, name) for name in ("id", *computed)]
        statement = update(model).where(*where).options(NARROWED).returning(*columns)
        if computed:
            statement = statement.values(**computed)
        changed = self.connection.execute(statement, {**plain, **self._own}).all()
        self.wrote(model, *values)
        for row_id, *news in changed:
            self._show_row(model, row_id, {**plain, **dict(zip(computed, news, strict=True))})
        return len(changed)

    def update_those(self, query: Query, **values: Any) -> int:
        """Changes every row that a prepared update meets to plain values; returns how many.

        What the statement itself computes is shown where it says `returning`.
        """
        connection, built = self.connection, query.built
        told = {**query.values, **values, **self._own}
        words = built.words(connection.dialect, tuple(values))
        if words.is_whole:
            changed: list[Any] = run(connection, words, told)
        else:
            changed = list(connection.execute(built.statement, told))
        self.wrote(built.model, *values)
        for *news, row_id in changed:
            computed = dict(zip(built.computed, news, strict=True))
            self._show_row(built.model, row_id, {**values, **computed})
        return len(changed)

    def set(self, row: Row, **values: Any) -> None:
        """Changes one row of this transaction to plain values, at once."""
        self.update_those(set_of_id(type(row))(row.id), **values)  # type: ignore[attr-defined]

    def delete(self, model: type[R], *where: Any) -> int:
        """Deletes every row of this workspace that meets the conditions; returns how many."""
        self.wrote(model)
        return self.change(delete(model).where(*where))

    def wrote(self, model: Any, *columns: str) -> None:
        """Forgets what was kept of a model's table: rows came or went, or those columns changed."""
        self._forget(model)
        if has_names(model, columns):
            self.names_changed()

    def names_changed(self) -> None:
        """Lets every process that searches for accounts know."""
        if not self._has_renamed:
            self._has_renamed = True
            raise_version(self.connection, self.workspace)
            self._forget(Workspace)

    def flush(self) -> None:
        """Sends pending changes to the database, within the transaction."""
        self._session.flush()

    def _prepared(self, query: Query, *, only_first: bool = False) -> list[Any]:
        connection, built, values = self.connection, query.built, {**query.values, **self._own}
        plan = built.plan(connection.dialect, only_first=only_first)
        if not plan.is_whole:
            select_ = built.first if only_first else built.statement
            return list(self._session.execute(select_, values, execution_options=AS_IT_IS))
        found = run(connection, plan, values)
        if not plan.has_objects:
            return [plan.read(row) for row in found]
        if plan.reads_anew:
            for part in plan.parts:
                self._forget(part.model)
        return [
            plan.shown._make([self._made(part, row, plan.reads_anew) for part in plan.parts])
            for row in found
        ]

    def _made(self, part: Part, row: tuple[Any, ...], reads_anew: bool) -> Any:
        """A selected thing from a driver's row: a value, or this transaction's object of it."""
        values = part.values(row)
        if part.model is None:
            return values[0]
        named = dict(zip(part.names, values, strict=True))
        if named["id"] is None:
            return None  # of an outer join
        known = self._seen(part.model, named["id"])
        if known is None:
            made: Any = manager_of_class(part.model).new_instance()
            made.__dict__.update(named)
            return self.adopt(made)
        if reads_anew:
            _show(known, named)
        return known

    def _forget(self, model: type[SQLModel]) -> None:
        self._kept = {key: value for key, value in self._kept.items() if key[0] is not model}

    def _seen(self, model: type[R], row_id: int) -> R | None:
        """The row as an object of this transaction, if it is one already."""
        key = class_mapper(model).identity_key_from_primary_key((row_id,))
        found: R | None = self._session.identity_map.get(key)
        return found

    def _show_row(self, model: type[Row], row_id: int, values: dict[str, Any]) -> None:
        """Gives a row that is an object already the values that it has in the database now."""
        known = self._seen(model, row_id)
        if known is not None:
            _show(known, values)


def _show(row: Row, values: dict[str, Any]) -> None:
    for name, value in values.items():
        set_committed_value(row, name, value)


@contextmanager
def begin(engine: Engine, workspace: str) -> Iterator[Tx]:
    """One write transaction for one workspace: commits at the end, rolls back on an error."""
    with OwnSession(engine, expire_on_commit=False) as session, session.begin():
        session.workspace = workspace
        yield Tx(session)


@contextmanager
def read(engine: Engine, workspace: str) -> Iterator[Tx]:
    """One reading transaction for one workspace; takes no write lock on SQLite."""
    bound = engine.execution_options(linchpin_read=True)
    with OwnSession(bound, expire_on_commit=False) as session, session.begin():
        session.workspace = workspace
        yield Tx(session)
        session.expunge_all()
