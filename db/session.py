"""A session of one workspace: what is asked is narrowed to it, what is written stamped with it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from db.models import Row
from db.prepared import NARROWED, WORKSPACE

#: Of a statement that was narrowed when it was built.
AS_IT_IS = {"is_narrowed": True}


class OwnSession(Session):
    """A session that knows its workspace."""

    workspace: str = ""


@event.listens_for(OwnSession, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    if state.is_insert or state.execution_options.get("is_narrowed"):
        return
    if not state.is_orm_statement:
        raise RuntimeError("only statements on models go through a Tx: tables cannot be narrowed")
    assert isinstance(state.session, OwnSession)
    state.statement = state.statement.options(NARROWED)
    told: Any = state.parameters or {}
    state.parameters = {**told, WORKSPACE: state.session.workspace}


@event.listens_for(OwnSession, "before_flush")
def _check(session: Session, _context: Any, _instances: Any) -> None:
    assert isinstance(session, OwnSession)
    for row in session.dirty:
        if isinstance(row, Row):
            stamp(row, session.workspace)


def stamp(row: Row, workspace: str) -> None:
    row.workspace_id = row.workspace_id or workspace
    if row.workspace_id != workspace:
        raise RuntimeError(f"a row of {row.workspace_id} in a transaction of another workspace")
