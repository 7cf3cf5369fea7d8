"""A fresh database for each run: a SQLite file, or one of a real PostgreSQL's."""

from __future__ import annotations

import atexit
import functools
import shutil
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

from sqlalchemy.engine import make_url

from tests.databases import Server, sqlite_file

SQLITE, POSTGRES = "sqlite", "postgres"

_open = ExitStack()


def fresh(kind: str, folder: Path) -> str:
    """The URL of a database with the newest schema and no rows."""
    if kind == SQLITE:
        return sqlite_file(_own(folder))
    return _open.enter_context(_server().database())


def empty(kind: str, folder: Path) -> str:
    """The URL of a database without a schema."""
    if kind == SQLITE:
        return f"sqlite:///{_own(folder) / 'linchpin.db'}"
    return _open.enter_context(_server().database("template1"))


def copied(kind: str, url: str, folder: Path) -> str:
    """The URL of a copy of a database that nobody has open."""
    if kind == SQLITE:
        return f"sqlite:///{shutil.copy(url.removeprefix('sqlite:///'), _own(folder))}"
    return _open.enter_context(_server().database(str(make_url(url).database)))


def _own(folder: Path) -> Path:
    own = folder / uuid4().hex[:8]
    own.mkdir()
    return own


@functools.cache
def _server() -> Server:
    """One server for this process's life."""
    server = _open.enter_context(Server())
    # Only now: what is registered last runs first, and the server's package stops it at exit too.
    atexit.register(_open.close)
    return server
