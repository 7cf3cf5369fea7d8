"""`playbook simulate FILE`: what it would send, week by week, as a table and a picture."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import Engine

from bot.actions.actor import IMPORT
from bot.actions.imports.imports import ImportJob, import_at_once
from bot.actions.playbook.simulation import (
    SimulatedAccount,
    SimulationResult,
    list_simulated,
    simulate,
)
from bot.actions.work import Work
from bot.messages.kit.pictures import can_draw
from bot.messages.playbook.simulation_chart import draw_chart
from bot.rules.errors import UserError
from bot.rules.imports.csv_file import read_sheet
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.slack_facts import WorkspaceFacts
from bot.rules.text.words import plural
from bot.settings import Settings, load
from bot.terminal.playbook.file import loaded
from bot.terminal.process.startup import utc_now
from bot.terminal.process.workspace import open_workspace
from db.core import workspaces
from db.core.engine import connect
from db.core.tx import begin, read
from db.upkeep.migrate import upgrade
from db.workspace import departments

MAX_OVER_ROWS = 15


def add_parser(commands: Any) -> None:
    """Adds `simulate`."""
    parser = commands.add_parser(
        "simulate",
        help="what a file would send, week by week; nothing is sent",
        description="Counts the nudges that a playbook would send for the accounts of the "
        "database, or of a CSV file: by department and week, and who would be asked more often "
        "than the playbook's limits allow. Accounts stay in their stage, and everything is "
        "answered in time. Nothing is sent and nothing is written.",
    )
    parser.add_argument("file", metavar="FILE")
    parser.add_argument(
        "--from", dest="first", type=_parse_day, metavar="DATE", help="default: today"
    )
    parser.add_argument("--weeks", type=_parse_weeks, default=13, help="default 13, at most 104")
    parser.add_argument("--accounts", metavar="FILE.csv", help="instead of the database's")
    parser.add_argument("--picture", metavar="FILE.png", help="draw it as well")
    parser.add_argument("--workspace", metavar="T…", help="which one, if there are several")
    parser.set_defaults(run=run)


def run(
    args: argparse.Namespace,
    *,
    settings: Settings | None = None,
    now: Callable[[], datetime] | None = None,
) -> int:
    """Prints the table and draws the picture; 1 when the file has mistakes."""
    playbook = loaded(args.file)
    if playbook is None:
        return 1
    day = args.first or (now or utc_now)().date()
    first = datetime.combine(day, datetime.min.time(), UTC)
    if args.accounts:
        customers = _accounts_of_file(Path(args.accounts), playbook, first)
    else:
        url = (settings or load()).database_url
        with (
            open_workspace(url, args.workspace, first) as (engine, workspace),
            read(engine, workspace) as tx,
        ):
            playbook = departments.with_overrides(tx, playbook)
            customers = list_simulated(tx)
    result = simulate(playbook, customers, first, args.weeks)
    console = Console()
    counted = f"{plural(len(customers), 'account')}, {plural(args.weeks, 'week')}"
    console.print(f"{counted} from {first.day} {first:%b %Y}.")
    console.print(_table(playbook, result))
    _print_limits(console, playbook, result)
    if args.picture:
        _draw_chart(args.picture, playbook, result)
        console.print(f"The picture is in {args.picture}.")
    return 0


def _accounts_of_file(file: Path, playbook: Playbook, first: datetime) -> list[SimulatedAccount]:
    """The accounts of a CSV file, imported into a temporary database."""
    with tempfile.TemporaryDirectory(prefix="linchpin-simulation-") as folder:
        engine = connect(f"sqlite:///{folder}/simulation.db")
        try:
            upgrade(engine)
            return _import_file(engine, file, playbook, first)
        finally:
            engine.dispose()


def _import_file(
    engine: Engine, file: Path, playbook: Playbook, first: datetime
) -> list[SimulatedAccount]:
    try:
        sheet = read_sheet(file.read_bytes(), file.name)
    except OSError as error:
        raise UserError(f"I cannot read {file}: {error.strerror}.") from None
    job = ImportJob(file.name, "", sheet, None, [], [], None)
    workspaces.save_installation(engine, WorkspaceFacts("T0", "Simulation", ""), first)
    with begin(engine, "T0") as tx:
        import_at_once(Work(tx, playbook, first, IMPORT), job, lambda *_: None)
        return list_simulated(tx)


def _table(playbook: Playbook, found: SimulationResult) -> Table:
    rows = found.by_week(playbook)
    table = Table(title="Nudges by week", title_justify="left")
    table.add_column("Week of")
    for key in rows:
        table.add_column(Text(_name(playbook, key)), justify="right")
    table.add_column("All", justify="right", style="bold")
    for week in found.weeks:
        counts = [of_week[week] for of_week in rows.values()]
        table.add_row(f"{week.day} {week:%b %Y}", *map(_cell, counts), f"{sum(counts):,}")
    table.add_section()
    sums = [of_week.total() for of_week in rows.values()]
    table.add_row("All", *map(_cell, sums), f"{sum(sums):,}", style="bold")
    return table


def _cell(count: int) -> str:
    return f"{count:,}" if count else "·"


def _print_limits(console: Console, playbook: Playbook, found: SimulationResult) -> None:
    if not found.over:
        console.print("Nobody would be over the attention budget.")
        return
    console.print("Over the attention budget (Linchpin would hold what is more):")
    for who, limit, most, times in found.over[:MAX_OVER_ROWS]:
        name = _name(playbook, who) if limit != "customer a week" else who
        often = plural(times, "time")
        console.print(f"  {name}: up to {most} for one {limit}, over it {often}", markup=False)
    rest = len(found.over) - MAX_OVER_ROWS
    if rest > 0:
        console.print(f"  … and {rest:,} more")


def _draw_chart(path: str, playbook: Playbook, found: SimulationResult) -> None:
    if not can_draw():
        raise UserError("A picture needs matplotlib: pip install 'linchpin[charts]'")
    rows = found.by_week(playbook)
    named = {_name(playbook, key): [counts[w] for w in found.weeks] for key, counts in rows.items()}
    try:
        Path(path).write_bytes(draw_chart(playbook.name, found.weeks, named))
    except OSError as error:
        raise UserError(f"I cannot write {path}: {error.strerror}.") from None


def _name(playbook: Playbook, key: str) -> str:
    department = playbook.departments.get(key)
    return department.name if department else "Managers" if key == MANAGER else key


def _parse_day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{words!r} is no date like 2026-09-01") from None


def _parse_weeks(words: str) -> int:
    if not words.isdecimal() or not 1 <= int(words) <= 104:
        raise argparse.ArgumentTypeError("a number of weeks from 1 to 104")
    return int(words)
