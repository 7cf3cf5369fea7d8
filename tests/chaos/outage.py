"""Scenario 8: a listener fails, or the database is away: no 200, nothing half-written."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel

from bot.terminal.process.http_server import HttpServer, start_server
from db.core.engine import connect, is_sqlite
from sandbox import SlackMessage
from tests.chaos.clocks import Fast
from tests.chaos.figures import Figure
from tests.chaos.workers import step_through
from tests.chaos.world import World, world

DONE = "white_check_mark"


def failing(folder: Path, database: str, *, every: int = 1, most: int = 200) -> Figure:
    """A reaction's listener fails at its 1st statement, at its 2nd …; then the database is."""
    wrong: list[str] = []
    with world(folder, database, Fast(1.0)) as made, _door(made):
        message = _nudge(made)
        failures = 0
        for number in range(1, most, every):
            struck = _one(made, message, number, wrong)
            failures += struck
            if not struck:
                break
        away = _away(made, message)
    return Figure(
        "8",
        "a listener that fails at each statement; the database locked",
        database,
        f"{failures} failures, 1 outage",
        f"{len(wrong)} wrong answers or half-written rows; while the database was away: {away}",
        "never a 200, nothing half-written, the redelivery succeeds",
        not wrong and failures > 0 and away == "500, then 200",
    )


@contextmanager
def _door(made: World) -> Iterator[HttpServer]:
    door = start_server(made.context, made.sandbox.signing_secret)
    made.sandbox.bot_url = door.url
    made.sandbox.switches.patience = 20
    try:
        yield door
    finally:
        # The server looks up only twice a second: nobody waits for it.
        threading.Thread(target=door.close, daemon=True).start()


def _nudge(made: World) -> SlackMessage:
    """A touchpoint that was nudged, and its message."""
    made.plan(1, per_second=1)
    soon = _Later(made)
    step_through(replace(made.context, now=soon), soon, 2, step=1)
    return made.sandbox.messages("#d00")[0]


class _Later:
    """A clock ahead of the world's, so that nothing has to be waited for."""

    speed = 1.0

    def __init__(self, made: World) -> None:
        self._now = made.clock()

    def __call__(self) -> datetime:
        return self._now

    def rest(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


def _one(made: World, message: SlackMessage, number: int, wrong: list[str]) -> bool:
    """One reaction whose listener fails at a statement; False if there are not so many."""
    before = _everything(made.engine)
    with _failing_at(made.engine, number) as struck:
        told = made.sandbox.react("priya", message, DONE)
    assert told is not None
    if struck():
        if told.status == 200:
            wrong.append(f"200 at statement {number}")
        if _everything(made.engine) != before:
            wrong.append(f"half-written at statement {number}")
    if made.sandbox.redeliver(told).status != 200 or "done" not in _everything(made.engine):
        wrong.append(f"the redelivery at {number} had no effect")
    made.sandbox.unreact("priya", message, DONE)
    return struck()


@contextmanager
def _failing_at(engine: Engine, number: int) -> Iterator[Callable[[], bool]]:
    seen = 0

    def fail(_connection: Connection, *_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            raise OperationalError("chaos", None, Exception("the database went away"))

    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield lambda: seen >= number
    finally:
        event.remove(engine, "before_cursor_execute", fail)


def _everything(engine: Engine) -> str:
    """Every row of every table, as text."""
    with engine.execution_options(linchpin_read=True).connect() as connection:
        tables = SQLModel.metadata.sorted_tables
        return "\n".join(
            f"{table.name}: {sorted(map(str, connection.execute(table.select())))}"
            for table in tables
        )


def _away(made: World, message: SlackMessage) -> str:
    """The answers to an event while somebody else holds the database, and after."""
    other = connect(made.url)
    with other.begin() as holding:
        if not is_sqlite(other):
            holding.execute(text("LOCK TABLE inbox, outbox, touchpoint IN ACCESS EXCLUSIVE MODE"))
        told = made.sandbox.react("priya", message, DONE)
    other.dispose()
    assert told is not None
    first = told.status
    return f"{first}, then {made.sandbox.redeliver(told).status}"
