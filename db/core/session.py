"""A session of one workspace: it narrows every statement to it and stamps every row with it."""

from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, String, bindparam, event, literal_column
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlmodel import SQLModel

from db.models import Audit, Row

T = TypeVar("T")
#: The workspace of the session, in a statement that is made once.
OWN_WORKSPACE: Any = bindparam("own_workspace", type_=String)
_NO_TABLE: Any = literal_column("workspace_id")


class OwnSession(Session):
    """A session that knows its workspace."""

    def __init__(self, engine: Engine, workspace: str) -> None:
        super().__init__(engine, expire_on_commit=False)
        self.workspace = workspace
        #: Its audit rows, and who else has to see in their Home what it changed.
        self.acts: list[Audit] = []
        self.concerned: set[str] = set()
        #: Whether it has changed the names of accounts.
        self.renamed = False
        # SQLAlchemy drops an object that nothing refers to, and would read it again.
        self.seen: list[Any] = []
        self._cached: dict[tuple[type[SQLModel], Any, Any], Any] = {}

    def cached(self, model: type[SQLModel], read: Callable[..., T], *args: Any) -> T:
        """What `read(*args)` finds in a model's table; read anew after this session wrote there."""
        key = (model, read, args)
        if key not in self._cached:
            self._cached[key] = read(*args)
        result: T = self._cached[key]
        return result

    def forget(self, models: set[type[Any]]) -> None:
        """Lets what was cached of those tables be read anew."""
        self._cached = {key: kept for key, kept in self._cached.items() if key[0] not in models}


def _mine(table: type[SQLModel]) -> ColumnElement[bool]:
    # SQLAlchemy first calls this with `Row` itself, which is no table.
    condition: ColumnElement[bool] = getattr(table, "workspace_id", _NO_TABLE) == OWN_WORKSPACE
    return condition


# One option for all sessions, so that SQLAlchemy's statement cache serves them all.
_NARROWED = with_loader_criteria(
    Row, _mine, include_aliases=True, propagate_to_loaders=False, track_closure_variables=False
)
# A statement that is made once is narrowed once.
_narrowed: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


def _narrowed_once(statement: Any) -> Any:
    found = _narrowed.get(statement)
    if found is None:
        found = _narrowed[statement] = statement.options(_NARROWED)
    return found


@event.listens_for(OwnSession, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    session: Any = state.session
    if not state.is_orm_statement or state.bind_mapper is None:
        raise RuntimeError("only statements on models go through a Tx: tables cannot be narrowed")
    statement: Any = state.statement
    # Rows that are locked are read anew, and what was cached of them with them.
    if not state.is_select or state.execution_options.get("populate_existing"):
        session.forget({state.bind_mapper.class_})
    if not state.is_insert:
        state.statement = _narrowed_once(statement)
        given: Any = state.parameters or {}
        state.parameters = {**given, "own_workspace": session.workspace}
    elif issubclass(state.bind_mapper.class_, Row):
        own = {"workspace_id": session.workspace}
        if isinstance(state.parameters, list):
            state.parameters = [{**row, **own} for row in state.parameters]
        else:
            state.statement = statement.values(**own)


@event.listens_for(OwnSession, "loaded_as_persistent")
def _hold(session: Any, row: Any) -> None:
    session.seen.append(row)


@event.listens_for(OwnSession, "before_flush")
def _stamp(session: Any, _context: Any, _instances: Any) -> None:
    for row in (*session.new, *session.dirty):
        if isinstance(row, Row):
            row.workspace_id = row.workspace_id or session.workspace
            if row.workspace_id != session.workspace:
                raise RuntimeError(
                    f"a row of {row.workspace_id} in a transaction of another workspace"
                )


@event.listens_for(OwnSession, "after_flush")
def _forget(session: Any, _context: Any) -> None:
    session.forget({type(row) for row in (*session.new, *session.dirty, *session.deleted)})
