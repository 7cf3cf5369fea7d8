"""A fresh database for each run: a SQLite file, or one of a real PostgreSQL's."""

from __future__ import annotations

import atexit
import functools
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

from tests.databases import Server, sqlite_file

SQLITE, POSTGRES = "sqlite", "postgres"

_open = ExitStack()


def fresh(kind: str, folder: Path) -> str:
    """The URL of a database with the newest schema and no rows."""
    if kind == SQLITE:
        own = folder / uuid4().hex[:8]
        own.mkdir()
        return sqlite_file(own)
    return _open.enter_context(_server().database())


@functools.cache
def _server() -> Server:
    """One server for this process's life."""
    server = _open.enter_context(Server())
    # Only now: what is registered last runs first, and the server's package stops it at exit too.
    atexit.register(_open.close)
    return server
