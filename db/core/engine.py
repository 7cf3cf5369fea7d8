"""Opens the database; how the two dialects differ in that is here."""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlmodel import SQLModel

from bot.rules.errors import UserError

# Slack waits 3 s for an answer, so waiting longer than this for a lock is of no use.
BUSY_SECONDS = 2.5
# For the clock and delivery, where no person waits.
PATIENT_SECONDS = 60.0
# For imports and migrations.
NO_LIMIT = 0.0
# A process that was stopped in the middle of a transaction must not hold its locks for ever.
_IDLE_SECONDS = 10.0
THREADS = 16


def connect(url: str, *, statement_seconds: float = BUSY_SECONDS, threads: int = THREADS) -> Engine:
    """An engine for `url`: `sqlite:///file.db`, or `postgresql://…`, which means psycopg 3.
    `threads` is how many may use it at once. On PostgreSQL no statement runs for longer than
    `statement_seconds`. An engine must not be taken through a fork."""
    parsed = make_url(url)
    pool = {"pool_size": threads, "pool_timeout": BUSY_SECONDS}
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, pool)
    return _postgresql(parsed, statement_seconds, pool)


def is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def dialect_insert(
    connection: Connection, model: type[SQLModel]
) -> sqlite.Insert | postgresql.Insert:
    """An insert that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    is_sqlite = connection.dialect.name == "sqlite"
    return sqlite.insert(model) if is_sqlite else postgresql.insert(model)


def _postgresql(url: URL, statement_seconds: float, pool: dict[str, Any]) -> Engine:
    given = url.query.get("options", "")
    idle_seconds = _IDLE_SECONDS if statement_seconds else NO_LIMIT
    limits = {
        "statement_timeout": int(statement_seconds * 1000),
        "lock_timeout": int(BUSY_SECONDS * 1000),
        "idle_in_transaction_session_timeout": int(idle_seconds * 1000),
        # What compare-and-set relies on: each statement sees what was committed before it.
        "default_transaction_isolation": r"read\ committed",
    }
    ours = " ".join(f"-c {name}={value}" for name, value in limits.items())
    # A network that swallows packets is noticed within half a minute.
    alive = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5}
    try:
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            connect_args={**alive, "options": f"{ours} {given}", "application_name": "linchpin"},
            **pool,
        )
    except ModuleNotFoundError:
        needed = "PostgreSQL needs one more package: pip install 'psycopg[binary]'"
        raise UserError(needed) from None


def _sqlite(url: URL, pool: dict[str, Any]) -> Engine:
    if url.database in (None, "", ":memory:"):
        pool = {}
    engine = create_engine(
        url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, **pool
    )
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
    # "database is locked" in spite of the busy time-out.
    reading = connection.get_execution_options().get("linchpin_read", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
