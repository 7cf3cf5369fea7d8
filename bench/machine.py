"""What the lines are measured with: a folder, databases, and processes beside this one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path

from sqlalchemy import Engine

from bench.data import Size, fill
from db.core.engine import connect
from db.upkeep.migrate import upgrade
from tests.databases import Server
from tools.child_processes import ROOT

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


@dataclass
class Machine:
    """What every line is given. `part` is how much of the full sizes is measured, 0 to 1."""

    folder: Path
    part: float
    runs: int
    stack: ExitStack = field(default_factory=ExitStack)
    _numbers: Iterator[int] = field(default_factory=count)

    @cached_property
    def server(self) -> Server:
        """PostgreSQL, with every commit on the disk; started when it is first needed."""
        found = self.stack.enter_context(Server())
        found.set_durable(True)
        return found

    def sized(self, full: int, least: int = 50) -> int:
        """A count, or the part of it that is measured."""
        return max(least, int(full * self.part))

    def whole(self, full: int, quick: int) -> int:
        """A count that only a quick run makes smaller: it is what the goal speaks of."""
        return full if self.part >= 0.1 else quick

    @contextmanager
    def empty(self, kind: str) -> Iterator[str]:
        """The URL of a database with the newest schema and no rows."""
        if kind == POSTGRESQL:
            with self.server.database() as url:
                yield url
            return
        path = self.folder / f"{next(self._numbers)}.db"
        shutil.copy(self._schema, path)
        yield f"sqlite:///{path}"
        for ending in ("", "-wal", "-shm", ".lock"):
            Path(f"{path}{ending}").unlink(missing_ok=True)

    @contextmanager
    def filled(self, size: Size) -> Iterator[str]:
        """The URL of a SQLite database with a data set of that size."""
        with self.empty(SQLITE) as url:
            with engine_of(url) as engine:
                fill(engine, size)
            yield url

    @cached_property
    def _schema(self) -> Path:
        path = self.folder / "schema.db"
        with engine_of(f"sqlite:///{path}") as engine:
            upgrade(engine)
        return path


@contextmanager
def engine_of(url: str) -> Iterator[Engine]:
    """An engine until the end of the block."""
    engine = connect(url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def machine(part: float, runs: int) -> Iterator[Machine]:
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        found = Machine(Path(folder), part, runs)
        with found.stack:
            yield found


@contextmanager
def process(
    module: str, *arguments: str, env: dict[str, str] | None = None, says: bool = True
) -> Iterator[str]:
    """`python -m module …` until the end of the block; yields the first line it says."""
    child = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
    )
    try:
        assert child.stdout is not None
        yield child.stdout.readline().strip() if says else ""
    finally:
        child.terminate()
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if child.stdout is not None:
            child.stdout.close()
