"""Scenario 6: several processes plan a year of digests for several workspaces at once."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from bot.nudges.duties.digests import send_due_digest
from bot.rules.slack_facts import WorkspaceFacts
from db.core import workspaces
from db.core.tx import read
from db.models import Occurrence
from tests.chaos.clocks import START, Stepped
from tests.chaos.figures import Figure
from tests.chaos.playbook import DEPARTMENTS
from tests.chaos.workers import Plan, context_of, fork, kill, plan, prepare
from tests.chaos.world import World, world

PROCESSES = 4
STEP = timedelta(hours=12)
# Nothing runs from the Sunday of the sixth week until the Wednesday after: 72 hours.
DOWN = (START + timedelta(days=5, hours=12), START + timedelta(days=8, hours=12))
FIVE_WEEKS = timedelta(weeks=5)


def a_year(folder: Path, database: str, *, workspaces: int, days: int) -> Figure:
    """Every week's digest of every department and of the company, each once."""
    with world(folder, database, Stepped(folder / "clock")) as made:
        _found(made, workspaces)
        _run(made, folder, days)
        told = _told(made, workspaces)
    due = _mondays(days)
    expected = workspaces * (DEPARTMENTS + 1) * len(due)
    once = sum(count == 1 for count in told.values())
    late = sum(is_late for *_, is_late in told)
    want_late = workspaces if days > 44 else 0
    return Figure(
        "6",
        f"{PROCESSES} processes plan weekly digests; 72 h of downtime across one",
        database,
        f"{days} days, {workspaces} workspaces, {expected} digests due",
        f"{once} dealt with once, {len(told) - once} more than once, "
        f"{expected - len(told)} missing, {late} marked late",
        "exactly the due ones, each once; the company's across the downtime late",
        once == expected == len(told) and late == want_late,
    )


def _found(made: World, count: int) -> None:
    for number in range(1, count):
        workspaces.save_installation(
            made.engine, WorkspaceFacts(f"T{number}", "One more", "UBOT"), START
        )


def _run(made: World, folder: Path, days: int) -> None:
    """The clock goes on when every process has done all that is due at its time."""
    files = [folder / f"done-{number}" for number in range(PROCESSES)]
    crew = [_start(plan(made), file) for file in files]
    down = [moment + FIVE_WEEKS for moment in DOWN]
    try:
        while made.clock() < START + timedelta(days=days):
            if not down[0] <= made.clock() < down[1]:
                _wait_for_all(made, files)
            made.clock.rest(STEP.total_seconds())
    finally:
        for process in crew:
            kill(process)


def _start(made: Plan, file: Path) -> BaseProcess:
    return fork(_plan_on_and_on, made, file)


def _plan_on_and_on(made: Plan, file: Path) -> None:
    prepare(made)
    context = context_of(made)
    done = None
    while True:
        now = context.now()
        if now == done or _is_down(made):
            time.sleep(0.002)
            continue
        try:
            while send_due_digest(context, now):
                pass
        except Exception:
            continue  # the database was busy: the next round tries again
        done = now
        file.write_text(now.isoformat())


def _is_down(made: Plan) -> bool:
    return DOWN[0] + FIVE_WEEKS <= made.clock() < DOWN[1] + FIVE_WEEKS


def _wait_for_all(made: World, files: list[Path]) -> None:
    now, end = made.clock().isoformat(), time.monotonic() + 60
    while any(not file.exists() or file.read_text() != now for file in files):
        assert time.monotonic() < end, "a process has stopped planning"
        time.sleep(0.002)


def _told(made: World, count: int) -> Counter[tuple[str, str, date, bool]]:
    found: Counter[tuple[str, str, date, bool]] = Counter()
    for workspace in [made.workspace, *(f"T{number}" for number in range(1, count))]:
        with read(made.engine, workspace) as tx:
            columns: Any = (
                col(Occurrence.schedule),
                col(Occurrence.local_date),
                col(Occurrence.late),
            )
            found.update((workspace, *row) for row in tx.rows(select(*columns)))
    return found


def _mondays(days: int) -> list[date]:
    """The Mondays whose 9:00 had come at the last look."""
    last = START + timedelta(days=days) - STEP
    all_days = (START.date() + timedelta(days=n) for n in range(days + 1))
    mondays = (day for day in all_days if day.weekday() == 0 and day > START.date())
    return [day for day in mondays if (day, 9) <= (last.date(), last.hour)]
