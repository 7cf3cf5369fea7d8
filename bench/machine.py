"""Where the lines are measured: a folder, the data sets, servers started when first needed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy.engine import make_url

from bench import moment
from bench.data import Size, Store, fill_postgresql
from tests.databases import Server

ROOT = Path(__file__).resolve().parent.parent
SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


@dataclass
class Machine:
    """What every line is given. `part` is how much of the full sizes is measured."""

    folder: Path
    part: float
    runs: int
    only: set[str] = field(default_factory=set)
    open: ExitStack = field(default_factory=ExitStack)
    now: datetime = moment.BEGIN
    _originals: dict[Size, str] = field(default_factory=dict)

    @cached_property
    def store(self) -> Store:
        return Store(self.folder, self.now)

    @cached_property
    def server(self) -> Server:
        """PostgreSQL, as the tests start it, but with every commit on the disk."""
        found = self.open.enter_context(Server())
        found.set_durable(True)
        return found

    def wants(self, number: str) -> bool:
        """Whether a line was asked for."""
        return not self.only or number in self.only

    def sized(self, full: int, least: int = 50) -> int:
        """A count, or its part in a quick run."""
        return max(least, int(full * self.part))

    @contextmanager
    def database(self, kind: str, size: Size) -> Iterator[str]:
        """The URL of a database of that size, of one's own."""
        if kind == SQLITE:
            url = self.store.copy(size)
            yield url
            self.store.discard(url)
        else:
            with self.server.database(like=self._filled(size)) as url:
                yield url

    def _filled(self, size: Size) -> str:
        """The name of a database of that size; not to be written to. Each is made once."""
        if size not in self._originals:
            url = self.open.enter_context(self.server.database())
            fill_postgresql(url, size, self.now)
            self._originals[size] = str(make_url(url).database)
        return self._originals[size]


@contextmanager
def machine(part: float, runs: int, only: set[str]) -> Iterator[Machine]:
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        found = Machine(Path(folder), part, runs, only)
        with found.open:
            yield found


@contextmanager
def process(
    module: str, *arguments: str, env: dict[str, str] | None = None, says: bool = True
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`python -m module …` until the end of the block, and the first line it says."""
    command = [sys.executable, "-m", module, *arguments]
    yield from _running(command, env, says)


def _running(
    command: Sequence[str], env: dict[str, str] | None, says: bool
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    child = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
    )
    try:
        assert child.stdout is not None
        yield child, child.stdout.readline().strip() if says else ""
    finally:
        child.terminate()
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if child.stdout is not None:
            child.stdout.close()
