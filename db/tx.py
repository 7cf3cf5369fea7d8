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
    Result,
    Select,
    delete,
    event,
    func,
    select,
    update,
)
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import ORMExecuteState, Session, class_mapper, make_transient_to_detached
from sqlalchemy.orm.attributes import QueryableAttribute, set_committed_value
from sqlmodel import SQLModel, col

from db.models import Account, Alias, Row, Workspace
from db.prepared import NARROWED, WORKSPACE, Query
from db.rows import insert_of, values_of

R = TypeVar("R", bound=Row)
T = TypeVar("T")
_NAMED: tuple[Any, ...] = (Account, Alias)
_NAMES = frozenset(("name", "name_key", "alias", "alias_key", "archived_at"))
_EXPRESSIONS = (ClauseElement, QueryableAttribute)
_AS_IT_IS = {"is_narrowed": True}


class _Session(Session):
    """A session that knows its workspace."""

    workspace: str = ""


class Tx:
    """What a caller may do inside one transaction of one workspace."""

    def __init__(self, session: _Session) -> None:
        self._session = session
        self._own = {WORKSPACE: session.workspace}
        self._kept: dict[tuple[type[SQLModel], Any, Any], Any] = {}
        self._done: set[tuple[Any, ...]] = set()
        self.names_are_new = False  # whether this transaction has changed an account's names

    @property
    def workspace(self) -> str:
        """The workspace's id (Slack's `T…`)."""
        return self._session.workspace

    @property
    def connection(self) -> Connection:
        """For statements inside `db` that carry the workspace themselves: nothing narrows these."""
        self._session.flush()
        return self._session.connection()

    def add(self, row: R) -> R:
        """Adds a row to this workspace and gives it its id."""
        if isinstance(row, Row):
            _stamp(row, self.workspace)
        made = self.connection.execute(insert_of(type(row)), values_of(row))
        self.wrote(type(row))
        key: Any = made.inserted_primary_key
        row.id = key[0]
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
            self.connection.execute(insert_of(model), stamped)
            self.wrote(model)

    def get(self, model: type[R], row_id: int | None) -> R | None:
        """The row of that id in this workspace, as it was when this transaction first saw it."""
        if row_id is None:
            return None
        known: R | None = self._seen(model, row_id)
        if known is not None:
            return known
        found: R | None = self.first(select(model).where(model.id == row_id))  # type: ignore[attr-defined]
        return found

    def hold(self, row: R) -> bool:
        """Locks a row until the transaction ends and reads it anew; False if it is gone.

        On SQLite, which lets one writer in at a time, it is locked already: what this transaction
        has seen is as it was.
        """
        model = type(row)
        if self.connection.dialect.name == "sqlite" and row in self._session:
            return True
        mine = select(model).where(model.id == row.id)  # type: ignore[attr-defined]
        return self.first(held(mine)) is not None

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
        return list(self._run(statement).scalars())

    def rows(self, statement: Executable | Query) -> list[Any]:
        """Every row of a select of several columns, as named tuples."""
        return list(self._run(statement))

    def first(self, statement: Select[Any] | Query) -> Any:
        """The first row of a select of one entity or one column, or None."""
        if isinstance(statement, Query):
            return self._run(statement, only_first=True).scalars().first()
        return self._run(statement.limit(1)).scalars().first()

    def count(self, model: type[Row], *where: Any) -> int:
        """How many rows of this workspace meet the conditions."""
        statement = select(func.count()).select_from(model).where(*where)
        return int(self._run(statement).scalar() or 0)

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
            self._show(model, row_id, {**plain, **dict(zip(computed, news, strict=True))})
        return len(changed)

    def update_those(self, query: Query, **values: Any) -> int:
        """Changes every row that a prepared update meets to plain values; returns how many."""
        built, told = query.built, {**query.values, **values, **self._own}
        changed = self.connection.execute(built.statement, told).scalars().all()
        self.wrote(built.model, *values)
        for row_id in changed:
            self._show(built.model, row_id, values)
        return len(changed)

    def delete(self, model: type[R], *where: Any) -> int:
        """Deletes every row of this workspace that meets the conditions; returns how many."""
        self.wrote(model)
        return self.change(delete(model).where(*where))

    def wrote(self, model: type[SQLModel], *columns: str) -> None:
        """Forgets what was kept of a model's table: rows came or went, or those columns changed."""
        self._kept = {key: value for key, value in self._kept.items() if key[0] is not model}
        if model in _NAMED and (not columns or not _NAMES.isdisjoint(columns)):
            self.names_changed()

    def names_changed(self) -> None:
        """Lets every process that searches for accounts know that it has to read them again."""
        if not self.names_are_new:
            self.names_are_new = True
            mine = col(Workspace.id) == self.workspace
            version = col(Workspace.names_version) + 1
            self.change(update(Workspace).where(mine).values(names_version=version))

    def flush(self) -> None:
        """Sends pending changes to the database, within the transaction."""
        self._session.flush()

    def _run(self, statement: Executable | Query, *, only_first: bool = False) -> Result[Any]:
        if not isinstance(statement, Query):
            self._session.flush()
            return self._session.execute(statement)
        built, values = statement.built, {**statement.values, **self._own}
        select_ = built.first if only_first else built.statement
        if not built.has_objects:
            return self.connection.execute(select_, values)
        self._session.flush()
        return self._session.execute(select_, values, execution_options=_AS_IT_IS)

    def _seen(self, model: type[R], row_id: int) -> R | None:
        """The row as an object of this transaction, if it is one already."""
        key = class_mapper(model).identity_key_from_primary_key((row_id,))
        found: R | None = self._session.identity_map.get(key)
        return found

    def _show(self, model: type[Row], row_id: int, values: dict[str, Any]) -> None:
        """Gives a row that is an object already the values that it has in the database now."""
        known = self._seen(model, row_id)
        if known is not None:
            for name, value in values.items():
                set_committed_value(known, name, value)


def held(statement: Select[Any], of: type[Row] | None = None, *, skip: bool = False) -> Select[Any]:
    """A select whose rows are locked until the transaction ends, and read as they are then.

    Others that hold one are waited for, or with `skip` their rows are left out. Rows that refer to
    a locked one can be inserted meanwhile. SQLite needs no locks and SQLAlchemy leaves them out.
    """
    locking = statement.with_for_update(key_share=True, skip_locked=skip, of=of)
    return locking.execution_options(populate_existing=True)


@contextmanager
def begin(engine: Engine, workspace: str) -> Iterator[Tx]:
    """One write transaction for one workspace: commits at the end, rolls back on an error."""
    with _Session(engine, expire_on_commit=False) as session, session.begin():
        session.workspace = workspace
        yield Tx(session)


@contextmanager
def read(engine: Engine, workspace: str) -> Iterator[Tx]:
    """One reading transaction for one workspace; takes no write lock on SQLite."""
    bound = engine.execution_options(linchpin_read=True)
    with _Session(bound, expire_on_commit=False) as session, session.begin():
        session.workspace = workspace
        yield Tx(session)
        session.expunge_all()


@event.listens_for(_Session, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    if state.is_insert or state.execution_options.get("is_narrowed"):
        return
    if not state.is_orm_statement:
        raise RuntimeError("only statements on models go through a Tx: tables cannot be narrowed")
    assert isinstance(state.session, _Session)
    state.statement = state.statement.options(NARROWED)
    told: Any = state.parameters or {}
    state.parameters = {**told, WORKSPACE: state.session.workspace}


@event.listens_for(_Session, "before_flush")
def _check(session: Session, _context: Any, _instances: Any) -> None:
    assert isinstance(session, _Session)
    for row in session.dirty:
        if isinstance(row, Row):
            _stamp(row, session.workspace)


def _stamp(row: Row, workspace: str) -> None:
    row.workspace_id = row.workspace_id or workspace
    if row.workspace_id != workspace:
        raise RuntimeError(f"a row of {row.workspace_id} in a transaction of another workspace")
