"""`playbook diff OLD NEW`: what changed between two files, as a table; exit codes like diff's."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.rules.playbook.diff import Change, list_changes
from bot.rules.playbook.playbook import Playbook, PlaybookError, load
from bot.rules.text.words import plural

_STYLES = {"added": "green", "removed": "red", "changed": "yellow"}


def add_parser(commands: Any) -> None:
    """Adds `diff`."""
    diff = commands.add_parser(
        "diff",
        help="what changed between two files",
        description="Shows what changed: stages, plays, owners, times, words. "
        "Exit code 0: they ask for the same; 1: they differ; 2: a file has mistakes.",
    )
    diff.add_argument("old", metavar="OLD")
    diff.add_argument("new", metavar="NEW")
    diff.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the table; 0 for no difference, 1 for some, 2 when a file cannot be read."""
    old, new = loaded(args.old), loaded(args.new)
    if old is None or new is None:
        return 2
    found = list_changes(old, new)
    if not found:
        print("They ask for the same: only comments or layout differ, if anything.")
        return 0
    Console().print(changes_table(found))
    return 1


def changes_table(changes: Sequence[Change]) -> Table:
    """One row a change: where, which field, before, after."""
    shown = Table(title_justify="left")
    for heading, ratio in (("", 2), ("Where", 4), ("What", 3), ("Before", 6), ("After", 6)):
        shown.add_column(heading, ratio=ratio, overflow="fold")
    for one in changes:
        cells = (one.what, one.where, one.field, one.before, one.after)
        shown.add_row(*(Text(cell) for cell in cells), style=_STYLES[one.what])
    return shown


DEFAULT = Path(__file__).parents[3] / "playbooks" / "default.yaml"


def loaded(file: str) -> Playbook | None:
    """The playbook of a file, or None when its mistakes were printed."""
    try:
        return load(file)
    except PlaybookError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        print(f"{plural(len(error.problems), 'mistake')} in {file}.", file=sys.stderr)
        return None
