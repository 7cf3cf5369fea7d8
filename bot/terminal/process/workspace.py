"""Which workspace a command of the terminal works on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Engine, inspect

from bot.rules.errors import UserError
from bot.rules.slack_facts import WorkspaceFacts
from db.core import workspaces
from db.core.engine import NO_LIMIT, connect


@contextmanager
def open_workspace(url: str, asked: str | None, now: datetime) -> Iterator[tuple[Engine, str]]:
    """The database, for statements that may take long, and the id of the workspace asked for."""
    engine = connect(url, statement_seconds=NO_LIMIT)
    try:
        yield engine, choose_workspace(engine, asked, now)
    finally:
        engine.dispose()


def choose_workspace(engine: Engine, asked: str | None, now: datetime) -> str:
    """The id of the workspace asked for, or of the only one; a new database takes that asked
    for."""
    ready = inspect(engine).has_table("workspace")
    known = workspaces.all_ids(engine) if ready else []
    if ready and asked and not known:
        workspaces.save_installation(engine, WorkspaceFacts(asked, asked, ""), now)
        return asked
    if not known:
        raise UserError(
            "There is no workspace in the database yet: start the bot once (python -m bot run), "
            "or name yours with --workspace T…, then import."
        )
    if asked in known or (asked is None and len(known) == 1):
        return asked or known[0]
    problem = f"There is no workspace {asked}." if asked else "There are several workspaces."
    raise UserError(f"{problem} Say which one: --workspace {' or --workspace '.join(known)}")
