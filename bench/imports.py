"""Importing a CSV of many accounts, beside `csv` and `executemany` of the same rows."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.data import MANAGERS, WORKSPACE, Size, name, stage_of
from bench.figures import Line, cpu_seconds, interleaved
from bench.machine import SQLITE, Machine
from bot.__main__ import build_parser
from bot.settings import Settings
from bot.terminal.imports import command

# So many take most of a minute: once is enough for a figure that varies by a few in a hundred.
MANY = 20_000
# A Monday before working hours.
NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
EMPTY = Size(0, 0, NOW)
# Of each table its columns and rows.
Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
TABLES = ("account", "stage_change", "touchpoint", "import_run", "import_change", "audit")


def lines(machine: Machine) -> Iterator[Line]:
    accounts = machine.sized(100_000, 500)
    file = machine.folder / "accounts.csv"
    _write(file, accounts)
    rows: Rows = {}  # what an import has written is what the floor has to write
    ours, floor = _ours(machine, file, rows), _floor(machine, file, rows)
    runs = 1 if accounts > MANY else machine.runs
    found = interleaved({"ours": ours, "floor": floor}, runs)
    touchpoints = len(rows["touchpoint"][1])
    yield Line(
        "importing a CSV, processor time",
        f"{accounts:,} accounts, {touchpoints:,} touchpoints planned for them, "
        f"{runs} run{'s' if runs > 1 else ''}, {SQLITE}",
        f"{found['ours']:.1f} s",
        f"`csv` and executemany of the same rows: {found['floor']:.1f} s",
        found["ours"] / found["floor"],
        6.0,
    )


def _write(file: Path, accounts: int) -> None:
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("Company name", "Lifecycle stage", "Owner", "Renewal date", "ID"))
        for number in range(1, accounts + 1):
            renews = NOW.date() + timedelta(days=120 + number % 240)
            owner = MANAGERS[number % len(MANAGERS)].lower()
            writer.writerow((name(number), stage_of(number), owner, renews.isoformat(), number))


def _import(file: Path, url: str) -> None:
    asked = build_parser(["import"]).parse_args(["import", str(file), "--workspace", WORKSPACE])
    quiet = Console(file=io.StringIO())
    settings = Settings(_env_file=None, database_url=url)
    assert command.run(asked, settings=settings, now=lambda: NOW, console=quiet) == 0


def _rows(url: str) -> Rows:
    """Everything that the import has written, by table: columns and rows."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    found = {}
    for table in TABLES:
        cursor = connection.execute(f"SELECT * FROM {table}")
        found[table] = ([column[0] for column in cursor.description], cursor.fetchall())
    connection.close()
    return found


def _ours(machine: Machine, file: Path, rows: Rows) -> Callable[[], float]:
    def measure() -> float:
        with machine.filled(EMPTY) as url:
            took = cpu_seconds(lambda: _import(file, url))
            if not rows:
                rows.update(_rows(url))
        return took

    return measure


def _floor(machine: Machine, file: Path, rows: Rows) -> Callable[[], float]:
    def write(url: str) -> None:
        with file.open(newline="") as text:
            read = list(csv.reader(text))
        assert len(read) == len(rows["account"][1]) + 1
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("BEGIN IMMEDIATE")
        for table, (columns, some) in rows.items():
            named = ", ".join(f'"{column}"' for column in columns)
            marks = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {table} ({named}) VALUES ({marks})", some)
        connection.execute("COMMIT")
        connection.close()

    def measure() -> float:
        with machine.filled(EMPTY) as url:
            return cpu_seconds(lambda: write(url))

    return measure
