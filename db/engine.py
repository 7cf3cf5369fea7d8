"""Opens the database. The two dialects' differences of opening stand here side by side."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

# Slack waits 3 s for an answer: waiting longer for a lock than this only loses the answer as well.
BUSY_SECONDS = 2.5


def connect(url: str) -> Engine:
    """An engine for `url`: `sqlite:///file.db`, or `postgresql+psycopg://…`."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url)
    return create_engine(
        url,
        pool_pre_ping=True,
        connect_args={"options": f"-c statement_timeout={int(BUSY_SECONDS * 1000)}"},
    )


def is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: `_on_begin` does (reference: SQLAlchemy's
    # pysqlite notes). FULL makes a commit survive a power cut.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    # IMMEDIATE takes the write lock at once: a plain BEGIN that writes later fails with
    # «database is locked» in spite of the busy time-out.
    reading = connection.get_execution_options().get("linchpin_read", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
