"""A transaction is opened *for* a workspace; through it no other workspace can be seen. Every
statement that goes through a `Tx` is narrowed to its workspace (db/core/session.py), and every row
added is stamped with it. A statement that cannot be narrowed is refused."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import Connection, Delete, Engine, Select, Update, delete, insert, inspect
from sqlalchemy import Row as Found
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel, func, select

from bot.rules.errors import UserError
from db.core import home_invalidation, name_changes
from db.core.row_locks import lock_rows
from db.core.session import OwnSession
from db.models import Account, Alias, Row

R = TypeVar("R", bound=Row)
M = TypeVar("M", bound=SQLModel)
T = TypeVar("T")
U = TypeVar("U")
Ts = TypeVarTuple("Ts")
_PIECE = 1_000
_CHUNK = 500  # SQLite takes 32,766 values in a statement, PostgreSQL 65,535


def chunks(values: Sequence[T], size: int = _CHUNK) -> Iterator[Sequence[T]]:
    """The values in pieces that a statement can hold."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def columns(model: type[SQLModel], names: str) -> list[Any]:
    """The columns of a table by their names, in a string: for selects of many."""
    return [getattr(model, name) for name in names.split()]


class Tx:
    """What a caller may do inside one transaction of one workspace."""

    def __init__(self, session: OwnSession) -> None:
        self._session = session

    @property
    def workspace(self) -> str:
        """The workspace's id (Slack's `T…`)."""
        return self._session.workspace

    @property
    def is_sqlite(self) -> bool:
        return self._session.get_bind().dialect.name == "sqlite"

    @property
    def connection(self) -> Connection:
        """For many rows at once: nothing narrows its statements, so each names the workspace."""
        self._session.flush()
        return self._session.connection()

    def first(self, statement: Select[T]) -> T | None:
        """The first row of a select of one entity or one column, or None."""
        return self._session.scalars(statement.limit(1)).first()

    def one(self, statement: Select[T]) -> T:
        """The only row of a select of one entity or one column; raises if there is none."""
        return self._session.scalars(statement).one()

    def all(self, statement: Select[T], **values: Any) -> list[T]:
        """Every row of a select of one entity or one column; `values` are its parameters, where it
        is a statement that is made once."""
        return [*self._session.scalars(statement, values)]

    def rows(self, statement: Select[*Ts]) -> list[Found[*Ts]]:
        """Every row of a select of several columns, as named tuples."""
        return [*self._session.execute(statement)]

    def pairs(self, statement: Select[T, U]) -> list[tuple[T, U]]:
        """Every row of a select of two entities or columns."""
        return [(first, second) for first, second in self._session.execute(statement)]

    def all_among(self, statement: Select[T], column: Any, values: Sequence[Any]) -> list[T]:
        """`all` of the rows with one of these values in a column, which may be very many."""
        found: list[T] = []
        for some in chunks(values):
            found += self.all(statement.where(column.in_(some)))
        return found

    def rows_among(
        self, statement: Select[*Ts], column: Any, values: Sequence[Any]
    ) -> list[Found[*Ts]]:
        """`rows` of those with one of these values in a column, which may be very many."""
        found: list[Found[*Ts]] = []
        for some in chunks(values):
            found += self.rows(statement.where(column.in_(some)))
        return found

    def each(self, statement: Select[*Ts]) -> Iterator[Found[*Ts]]:
        """The rows of a select of columns, of which few are in memory at a time."""
        yield from self._session.execute(statement, execution_options={"yield_per": _PIECE})

    def get(self, model: type[M], row_id: int | str | None) -> M | None:
        """The row of that id in this workspace, as it was when this transaction first saw it."""
        return None if row_id is None else self._session.get(model, row_id)

    def require(self, model: type[M], row_id: int | None, what: str = "") -> M:
        """The same; raises `UserError` for a row that is gone: `what` is what people call it."""
        row = self.get(model, row_id)
        if row is None:
            raise UserError(f"That {what or model.__name__.lower()} is no longer there.")
        return row

    def count(self, model: type[Row], *where: Any) -> int:
        """How many rows of this workspace meet the conditions."""
        return self.first(select(func.count()).select_from(model).where(*where)) or 0

    def cached(self, model: type[SQLModel], read: Callable[..., T], *args: Any) -> T:
        """What `read(tx, *args)` finds in the model's table: read once, and again after this
        transaction has written there."""
        return self._session.cached(model, read, self, *args)

    def add(self, row: R) -> R:
        """Adds a row to this workspace and gives it its id."""
        self._session.add(row)
        self._session.flush()
        return row

    def add_all(self, model: type[Row], rows: Sequence[dict[str, Any]]) -> None:
        """Inserts rows, all of the same columns, in one statement; no object is made of them."""
        if rows:
            self._session.execute(insert(model), rows, execution_options={"render_nulls": True})
            if model in (Account, Alias):
                self.names_changed()

    def add_once(self, row: M) -> M | None:
        """Inserts a row unless its natural key exists; returns the row to go on with, or None. A
        look before the insert is not enough on PostgreSQL: two transactions can both look and see
        nothing, and the unique violation of the second would roll all of it back."""
        model, values = type(row), row.model_dump(exclude_unset=True)
        new = (sqlite.insert if self.is_sqlite else postgresql.insert)(model).values(**values)
        added = self._session.scalars(new.on_conflict_do_nothing().returning(model)).first()
        if isinstance(added, Account | Alias):
            self.names_changed()
        return added

    def execute(self, statement: Update | Delete) -> int:
        """Runs an update or delete of many rows, or one that depends on what the row is now.
        Returns how many rows it met. Objects of this transaction show what it changed."""
        changed: Any = self._session.execute(
            statement, execution_options={"synchronize_session": "fetch"}
        )
        return int(changed.rowcount)

    def delete(self, model: type[Row], *where: Any) -> int:
        """Deletes every row of this workspace that meets the conditions; returns how many."""
        return self.execute(delete(model).where(*where))

    def lock(self, model: type[M], row_id: int | None) -> M | None:
        """The row of that id, locked until the transaction ends and read anew; None if it is gone.
        SQLite lets one writer in at a time: there it is as this transaction first saw it."""
        if self.is_sqlite or row_id is None:
            return self.get(model, row_id)
        own_id: Any = inspect(model).primary_key[0]
        return self.first(lock_rows(select(model).where(own_id == row_id)))

    def names_changed(self) -> None:
        """Lets every process that searches for accounts know."""
        self._session.renamed = True

    def concerns(self, user_id: str | None) -> None:
        """Lets somebody see in their Home that something is no longer theirs."""
        self._session.concerned.update(filter(None, [user_id]))

    def flush(self) -> None:
        """Sends pending changes to the database, within the transaction."""
        self._session.flush()


@contextmanager
def begin(engine: Engine, workspace: str) -> Iterator[Tx]:
    """One write transaction for one workspace: commits at the end, rolls back on an error. At its
    end the Homes that show what it changed are marked to be drawn anew."""
    with OwnSession(engine, workspace) as session, session.begin():
        yield Tx(session)
        session.flush()
        home_invalidation.invalidate_homes(session)
        name_changes.raise_version(session)


@contextmanager
def try_out(engine: Engine, workspace: str) -> Iterator[Tx]:
    """A write transaction for one workspace of which nothing stays."""
    with OwnSession(engine, workspace) as session, session.begin() as transaction:
        yield Tx(session)
        transaction.rollback()


@contextmanager
def read(engine: Engine, workspace: str) -> Iterator[Tx]:
    """One reading transaction for one workspace; takes no write lock on SQLite."""
    bound = engine.execution_options(linchpin_read=True)
    with OwnSession(bound, workspace) as session, session.begin():
        yield Tx(session)
