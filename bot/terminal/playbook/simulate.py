"""`playbook simulate FILE`: what it would send, week by week, as a table and a picture."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import Engine

from bot.actions.actor import CLOCK, IMPORT
from bot.actions.imports.imports import import_at_once
from bot.actions.imports.process import ImportJob
from bot.actions.playbook.versions import activate_version
from bot.actions.simulation.weeks import SimulationResult, simulate
from bot.actions.touchpoints.limits import CUSTOMER, REST
from bot.actions.work import Work
from bot.messages.kit.pictures import FAINT, INK, can_draw, new_figure, to_png
from bot.rules.errors import UserError
from bot.rules.imports.sheet import read_sheet
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.slack_facts import ChannelFacts, WorkspaceFacts
from bot.rules.text.words import plural
from bot.settings import Settings, load
from bot.terminal.playbook.diff import loaded
from bot.terminal.playbook.versions import save_file
from bot.terminal.process.startup import open_workspace, read_playbook, utc_now
from db.accounts import accounts
from db.core import workspaces
from db.core.tx import Tx, begin
from db.playbook import versions
from db.upkeep.rehearsal import copy_workspace, empty_copy
from db.workspace import channels, departments

# Told apart by people who see colours differently: the palette of Okabe and Ito, darker first.
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7f6bb3", "#999999")
_OF_FILE = "T0"  # the workspace of a CSV file's accounts


def add_parser(commands: Any) -> None:
    """Adds `simulate`."""
    parser = commands.add_parser(
        "simulate",
        help="what a file would send, week by week; nothing is sent",
        description="Lives through the coming weeks in a copy of the database, or with the "
        "accounts of a CSV file: the touchpoints that would be shown, by department and week, and "
        "what the playbook's limits would postpone. All that is shown counts as done at once. "
        "Accounts move on after the expected days of their stage, renew on their date, and none "
        "comes in or leaves. Nothing is sent and nothing is written.",
    )
    parser.add_argument("file", metavar="FILE")
    parser.add_argument(
        "--from", dest="first", type=_parse_day, metavar="DATE", help="default: today"
    )
    parser.add_argument("--weeks", type=_parse_weeks, default=13, help="default 13, at most 104")
    parser.add_argument("--stay", action="store_true", help="every account stays in its stage")
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
    at = (now or utc_now)()
    first = datetime.combine(args.first or at.date(), datetime.min.time(), UTC)
    if args.first is not None:
        at = min(at, first)
    if args.accounts:
        at, workspace = first, _OF_FILE
        engine = _import_file(Path(args.accounts), playbook, at)
    else:
        engine, workspace = _copy_database(args, settings or load(), playbook, at)
    try:
        with begin(engine, workspace) as tx:
            work = Work(tx, departments.with_overrides(tx, playbook), at, CLOCK)
            _add_missing_channels(tx, work.playbook, at)
            count = len(accounts.list_live(tx))
            result = simulate(work, first, args.weeks, moving=not args.stay)
    finally:
        engine.dispose()
    _print_result(args, playbook, first, count, result)
    return 0


def _copy_database(
    args: argparse.Namespace, settings: Settings, playbook: Playbook, at: datetime
) -> tuple[Engine, str]:
    own = read_playbook(settings.playbook)
    with open_workspace(settings.database_url, args.workspace, at) as (source, workspace):
        engine = copy_workspace(source, workspace)
    with begin(engine, workspace) as tx:
        version, current = save_file(tx, own, playbook, at), versions.current_version(tx)
        if current is None or current.version != version:
            activate_version(Work(tx, own, at, CLOCK), own, version)
    return engine, workspace


def _import_file(file: Path, playbook: Playbook, at: datetime) -> Engine:
    try:
        sheet = read_sheet(file.read_bytes(), file.name)
    except OSError as error:
        raise UserError(f"I cannot read {file}: {error.strerror}.") from None
    engine = empty_copy()
    workspaces.save_installation(engine, WorkspaceFacts(_OF_FILE, "Simulation", ""), at)
    with begin(engine, _OF_FILE) as tx:
        job = ImportJob(file.name, "", {"accounts": sheet})
        import_at_once(Work(tx, playbook, at, IMPORT), job)
    return engine


def _add_missing_channels(tx: Tx, playbook: Playbook, at: datetime) -> None:
    """Gives every department a channel: what waits for one would not be counted."""
    for key, department in playbook.departments.items():
        if departments.channel(tx, playbook, key) is None:
            name = channels.bare_name(department.channel)
            channels.save(tx, ChannelFacts(f"C0{key}", name, True), playbook, at)


def _print_result(
    args: argparse.Namespace,
    playbook: Playbook,
    first: datetime,
    count: int,
    result: SimulationResult,
) -> None:
    console = Console()
    counted = f"{plural(count, 'account')}, {plural(args.weeks, 'week')}"
    console.print(f"{counted} from {first.day} {first:%b %Y}.")
    console.print(_table(playbook, result))
    _print_postponed(console, playbook, result)
    if args.picture:
        _draw_chart(args.picture, playbook, result)
        console.print(f"The picture is in {args.picture}.")


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


def _print_postponed(console: Console, playbook: Playbook, result: SimulationResult) -> None:
    if not result.most:
        console.print("The limits would postpone nothing.")
        return
    console.print("The limits would postpone:")
    for (why, owner), most in sorted(result.most.items(), key=lambda each: -each[1]):
        because = {CUSTOMER: ", as the customers were asked enough", REST: ", as they rest"}
        days = plural(result.days[why, owner], "day")
        line = f"  {_name(playbook, owner)}: up to {most:,} at once, on {days}"
        console.print(line + because.get(why, ""), markup=False)


def _draw_chart(path: str, playbook: Playbook, found: SimulationResult) -> None:
    if not can_draw():
        raise UserError("A picture needs matplotlib: pip install 'linchpin[charts]'")
    rows = found.by_week(playbook)
    named = {_name(playbook, key): [counts[w] for w in found.weeks] for key, counts in rows.items()}
    try:
        Path(path).write_bytes(_chart_png(playbook.name, found.weeks, named))
    except OSError as error:
        raise UserError(f"I cannot write {path}: {error.strerror}.") from None


def _chart_png(name: str, weeks: Sequence[date], rows: Mapping[str, Sequence[int]]) -> bytes:
    """A PNG with a bar a week, `rows` one on top of the other; empty rows are left out."""
    from matplotlib.ticker import MaxNLocator

    made, plot = new_figure(9, 4)
    totals = [0] * len(weeks)
    shown = [(label, counts) for label, counts in rows.items() if any(counts)]
    for (label, counts), colour in zip(shown, cycle(COLOURS), strict=False):
        places = range(len(weeks))
        plot.bar(places, counts, bottom=totals, label=label, color=colour, width=0.7)
        totals = [below + count for below, count in zip(totals, counts, strict=True)]
    labels = [f"{week.day} {week:%b}" for week in weeks]
    step = max(1, len(weeks) // 13)
    plot.set_xticks(range(0, len(weeks), step), labels[::step])
    locator: Any = MaxNLocator(integer=True, nbins=5)
    plot.yaxis.set_major_locator(locator)
    total, most = sum(totals), max(totals, default=0)
    about = f"{total:,} nudges in {len(weeks)} weeks, {most:,} in the busiest"
    title = f'What "{name}" would send, by week'
    plot.set_title(title, loc="left", color=INK, fontsize=12, fontweight="bold", pad=20)
    plot.text(0, 1.03, about, transform=plot.transAxes, color=FAINT, fontsize=9)
    if shown:
        # At the right of the plot, in the order of what is drawn, the top one first.
        handles, labels = plot.get_legend_handles_labels()
        place: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (1.01, 1.0)}
        look: dict[str, Any] = {"frameon": False, "fontsize": 9, "labelcolor": INK}
        plot.legend(handles[::-1], labels[::-1], **place, **look)
    return to_png(made)


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
