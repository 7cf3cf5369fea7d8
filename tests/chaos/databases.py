"""A fresh database for each run: a SQLite file, or one of a real PostgreSQL's."""

from __future__ import annotations

import functools
from pathlib import Path
from uuid import uuid4

SQLITE, POSTGRES = "sqlite", "postgres"

_open = ExitStack()


def fresh(kind: str, folder: Path) -> str:
    """The URL of an empty database."""
    if kind == SQLITE:
        return f"sqlite:///{folder}/chaos-{uuid4().hex[:8]}.db"
    server, name = _server(), f"chaos_{uuid4().hex[:12]}"
    server.psql(f"create database {name}")
    return str(server.get_uri(name)).replace("postgresql://", "postgresql+psycopg://", 1)


@functools.cache
def _server() -> Server:
    """One server for this process's life."""
    server = _open.enter_context(Server())
    # Only now: what is registered last runs first, and the server's package stops it at exit too.
    atexit.register(_open.close)
    return server
