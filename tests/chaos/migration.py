"""`python -m bot migrate` in a process of its own, which may die on the way."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import Connection, Engine, event

from bot.__main__ import main
from db.upkeep import migrate
from tests.chaos.workers import fork

KILLED = -signal.SIGKILL


@dataclass(frozen=True)
class Took:
    """What it took to come to its end."""

    statements: int
    seconds: float


@dataclass(frozen=True)
class Migration:
    """One run of the command, and what is to happen to it."""

    url: str
    scripts: Path  # the migrations
    notes: Path  # where it says what it took
    die_before: int = 0  # so many statements (commits count)
    die_after: float = 0.0  # so many seconds from the first of them
    each_by_itself: bool = False  # a mutant: every statement commits

    def run(self) -> int:
        """Its exit code: 0 at its end, KILLED if it died on the way."""
        process = fork(_main, self)
        process.join()
        return process.exitcode or 0

    def took(self) -> Took:
        """What the last run took that came to its end."""
        statements, seconds = self.notes.read_text().split()
        return Took(int(statements), float(seconds))


class _Watch:
    """Counts the statements of this process, and ends it where it was ordered to."""

    def __init__(self, order: Migration) -> None:
        self.order, self.statements, self.began = order, 0, 0.0
        event.listen(Engine, "before_cursor_execute", self.before)
        event.listen(Engine, "commit", self.before)
        if order.each_by_itself:
            event.listen(Engine, "after_cursor_execute", _commit)

    def before(self, _connection: Connection, *_: object) -> None:
        self.statements += 1
        if self.statements == 1:
            self.began = time.monotonic()
            if self.order.die_after:
                threading.Timer(self.order.die_after, _die).start()
        if self.statements == self.order.die_before:
            _die()


def _main(order: Migration) -> None:
    """The child: as from the terminal, in a folder without `.env`."""
    os.chdir(order.notes.parent)
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    watch = _Watch(order)
    with (
        patch.dict(os.environ, DATABASE_URL=order.url),
        patch.object(migrate, "MIGRATIONS", order.scripts),
    ):
        failed = main(["migrate"])
    order.notes.write_text(f"{watch.statements} {time.monotonic() - watch.began}")
    os._exit(failed)  # the timer may still run


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _commit(connection: Connection, *_: object) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.commit()
    if connection.dialect.name == "sqlite":
        driver.execute("BEGIN IMMEDIATE")
