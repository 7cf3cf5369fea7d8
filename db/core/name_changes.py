"""Tells every process that searches for accounts when a transaction changes their names."""

from typing import Any

from sqlalchemy import event, inspect, update
from sqlmodel import col

from db.core.session import OwnSession
from db.models import Account, Alias, Workspace

_NAMES = frozenset(("name", "name_key", "alias", "alias_key", "archived_at"))


@event.listens_for(OwnSession, "after_flush")
def _note_written(session: Any, _context: Any) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Account | Alias) and (row not in session.dirty or _is_renamed(row)):
            session.renamed = True


def _is_renamed(row: Account | Alias) -> bool:
    return any(attr.key in _NAMES and attr.history.has_changes() for attr in inspect(row).attrs)


def raise_version(session: OwnSession) -> None:
    """Raises `names_version` of the workspace if the transaction has changed names in it."""
    if session.renamed:
        own = update(Workspace).where(col(Workspace.id) == session.workspace)
        session.execute(
            own.values(names_version=col(Workspace.names_version) + 1),
            execution_options={"synchronize_session": False},
        )
