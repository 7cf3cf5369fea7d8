"""A transaction is opened *for* a workspace; through it no other workspace can be seen.

Every statement that goes through a `Tx` is narrowed to its workspace by a hook of the session, and
every row added is stamped with it. A statement that the hook cannot narrow is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    Engine,
    Executable,
    Select,
    delete,
    event,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlmodel import col

from db.models import Account, Alias, Row, Workspace

R = TypeVar("R", bound=Row)
_NAMED: tuple[Any, ...] = (Account, Alias)
_NAMES = frozenset(("name", "name_key", "alias", "alias_key", "archived_at"))
_NO_TABLE: Any = literal_column("workspace_id")


class _Session(Session):
    """A session that knows its workspace."""

    workspace: str = ""


class Tx:
    """What a caller may do inside one transaction of one workspace."""

    def __init__(self, session: _Session) -> None:
        self._session = session
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
        self._session.add(row)
        self._session.flush()
        if isinstance(row, Account | Alias):
            self.names_changed()
        return row

    def add_all(self, model: type[R], rows: Sequence[dict[str, Any]]) -> None:
        """Inserts many rows in one statement."""
        if rows:
            stamped = [{**row, "workspace_id": self.workspace} for row in rows]
            self._session.execute(insert(model), stamped)
            if model in _NAMED:
                self.names_changed()

    def get(self, model: type[R], row_id: int | None) -> R | None:
        """The row of that id in this workspace."""
        if row_id is None:
            return None
        found: R | None = self.first(select(model).where(model.id == row_id))  # type: ignore[attr-defined]
        return found

    def hold(self, row: R) -> bool:
        """Locks a row until the transaction ends and reads it anew; False if it is gone.

        On SQLite, which lets one writer in at a time, it is locked already.
        """
        model = type(row)
        mine = select(model).where(model.id == row.id)  # type: ignore[attr-defined]
        return self.first(held(mine)) is not None

    def all(self, statement: Executable) -> list[Any]:
        """Every row of a select of one entity or one column."""
        self._session.flush()
        return list(self._session.scalars(statement))

    def rows(self, statement: Executable) -> list[Any]:
        """Every row of a select of several columns, as named tuples."""
        self._session.flush()
        return list(self._session.execute(statement))

    def first(self, statement: Select[Any]) -> Any:
        """The first row of a select of one entity or one column, or None."""
        self._session.flush()
        return self._session.scalars(statement.limit(1)).first()

    def count(self, model: type[Row], *where: Any) -> int:
        """How many rows of this workspace meet the conditions."""
        self._session.flush()
        statement = select(func.count()).select_from(model).where(*where)
        return int(self._session.scalar(statement) or 0)

    def change(self, statement: Executable) -> int:
        """Runs an update or delete; returns how many rows it met."""
        self._session.flush()
        result = self._session.execute(
            statement, execution_options={"synchronize_session": "fetch"}
        )
        assert isinstance(result, CursorResult)
        return int(result.rowcount)

    def update(self, model: type[R], *where: Any, **values: Any) -> int:
        """Changes every row of this workspace that meets the conditions; returns how many."""
        if model in _NAMED and _NAMES & set(values):
            self.names_changed()
        return self.change(update(model).where(*where).values(**values))

    def delete(self, model: type[R], *where: Any) -> int:
        """Deletes every row of this workspace that meets the conditions; returns how many."""
        if model in _NAMED:
            self.names_changed()
        return self.change(delete(model).where(*where))

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
    if state.is_insert:
        return
    if not state.is_orm_statement:
        raise RuntimeError("only statements on models go through a Tx: tables cannot be narrowed")
    assert isinstance(state.session, _Session)
    state.statement = state.statement.options(_only(state.session.workspace))


@lru_cache(maxsize=256)
def _only(mine: str) -> Any:
    """What narrows a statement to this workspace. Making it costs more than most statements do."""
    # SQLAlchemy first calls the lambda with `Row` itself, which is no table, to learn what it
    # closes over; then with each table of the statement. One option for all tables is half the
    # cost of one option each.
    return with_loader_criteria(
        Row, lambda cls: getattr(cls, "workspace_id", _NO_TABLE) == mine, include_aliases=True
    )


@event.listens_for(_Session, "before_flush")
def _stamp(session: Session, _context: Any, _instances: Any) -> None:
    assert isinstance(session, _Session)
    for row in (*session.new, *session.dirty):
        if not isinstance(row, Row):
            continue
        row.workspace_id = row.workspace_id or session.workspace
        if row.workspace_id != session.workspace:
            raise RuntimeError(f"a row of {row.workspace_id} in a transaction of another workspace")
