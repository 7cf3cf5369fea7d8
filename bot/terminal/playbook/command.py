"""`python -m bot playbook …`: work on a playbook file; diff, versions, simulate have their own."""

import argparse
import json
import sys

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.rules.playbook.playbook import Department, Play, Playbook, Stage
from bot.rules.playbook.schema import schema, warnings
from bot.rules.text.words import plural
from bot.terminal.playbook import diff, simulate, versions
from bot.terminal.playbook.diff import DEFAULT, loaded


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the commands; each sets `run(args) -> exit code`."""
    commands = parser.add_subparsers(dest="playbook_command", required=True)

    check = commands.add_parser("check", help="tell every mistake in a playbook file")
    check.add_argument("file", metavar="FILE")
    check.set_defaults(run=run_check)

    show = commands.add_parser("show", help="print stages, plays and owners as tables")
    show.add_argument("file", metavar="FILE", nargs="?", default=str(DEFAULT))
    show.set_defaults(run=run_show)

    describe = commands.add_parser("schema", help="print the JSON schema, for editors")
    describe.set_defaults(run=run_schema)

    for more in (diff, versions, simulate):
        more.add_parser(commands)


def run_check(args: argparse.Namespace) -> int:
    """Print every mistake and return 1, or warnings and one line with counts and return 0."""
    playbook = loaded(args.file)
    if playbook is None:
        return 1
    for warning in warnings(playbook):
        print(f"Warning: {warning}", file=sys.stderr)
    stages = plural(len(playbook.stages), "stage")
    plays = plural(sum(len(stage.plays) for stage in playbook.stages), "play")
    departments = plural(len(playbook.departments), "department")
    counts = f"{stages}, {plays}, {departments}"
    print(f"{args.file} is fine: {counts}, leading to {playbook.destination}.")
    return 0


def run_show(args: argparse.Namespace) -> int:
    """Print the playbook as tables."""
    playbook = loaded(args.file)
    if playbook is None:
        return 1
    console = Console()
    console.print(Text(f"{playbook.name} → {playbook.destination}", style="bold"))
    console.print(_departments(playbook))
    for number, stage in enumerate(playbook.stages, 1):
        console.print(_stage(number, stage, playbook))
    return 0


def run_schema(args: argparse.Namespace) -> int:
    """Print the JSON schema."""
    print(json.dumps(schema(), indent=2, ensure_ascii=False))
    return 0


def _departments(playbook: Playbook) -> Table:
    table = Table(title="Departments", title_justify="left", title_style="bold")
    for heading in ("Key", "Name", "Channel", "Working time", "Holidays", "Lead"):
        table.add_column(heading, overflow="fold")
    for department in playbook.departments.values():
        table.add_row(*(Text(cell) for cell in _department(department)))
    return table


def _department(department: Department) -> tuple[str, ...]:
    hours = f"{department.days} {department.hours}, {department.timezone}"
    holidays = ", ".join(department.holidays) or "none"
    lead = department.lead or "nobody"
    return department.key, department.name, department.channel, hours, holidays, lead


def _stage(number: int, stage: Stage, playbook: Playbook) -> Table:
    table = Table(title=_heading(number, stage, playbook), title_justify="left", expand=True)
    table.add_column("Play", ratio=3)
    table.add_column("Owner", no_wrap=True)
    table.add_column("Due", ratio=3)
    table.add_column("Asks for", ratio=6)
    table.add_column("Records", no_wrap=True)
    for play in stage.plays:
        table.add_row(*(Text(cell) for cell in _play(play)))
    return table


def _heading(number: int, stage: Stage, playbook: Playbook) -> Text:
    usual = f"usually {plural(stage.expected_days, 'day')}" if stage.expected_days else ""
    role = "an exit" if stage.exit else ""
    goal = "the destination" if stage.key == playbook.destination else ""
    enter = f"entered {stage.enter}" if stage.enter else ""
    facts = "; ".join(filter(None, (usual, enter, role, goal)))
    heading = Text(f"\n{number}. {stage.name}", style="bold")
    return heading.append(f"  {stage.decision}" + (f"  ({facts})" if facts else ""), style="italic")


def _play(play: Play) -> tuple[str, ...]:
    tiers = f" (tier {', '.join(play.only_for.tier)})" if play.only_for else ""
    return play.title, play.owner, f"{play.due}{tiers}", play.ask, play.records or ""
