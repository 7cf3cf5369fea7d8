"""`python -m bench`: measures what matters to users, beside what they would use instead.

Takes about ten minutes on two idle cores; `--full` takes longer, `--only import,start` and
`--quick` less. `--write` puts the table into docs/performance.md.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.figures import HEADINGS, Line
from bench.machine import Machine, machine
from tools.child_processes import ROOT

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
SECTIONS = ("delivery", "limits", "tls", "imports", "scale", "lookup", "start")
QUICK, USUAL, FULL = (0.02, 1), (0.5, 3), (1.0, 5)  # part of the full sizes, runs


def main(words: list[str] | None = None) -> int:
    """Measures, prints, and writes if it is asked to; 1 if a goal was missed."""
    asked = _asked(words)
    logging.disable(logging.CRITICAL)
    found = list(measured(asked.only, *asked.size))
    Console().print(terminal_table(found))
    if asked.write:
        write(PAGE, found, " ".join(["python -m bench", *(words or sys.argv[1:])]))
    return 0 if all(line.reached for line in found) else 1


def measured(only: list[str], part: float, runs: int) -> Iterator[Line]:
    """The lines of the sections asked for, as they are measured."""
    with machine(part, runs) as here:
        for section in only:
            began = time.monotonic()
            yield from _section(here, section)
            sys.stderr.write(f"{section} took {time.monotonic() - began:.0f} s\n")


def _section(here: Machine, section: str) -> Iterator[Line]:
    """The lines of one module; one that breaks is a goal missed, and the others go on."""
    try:
        for line in import_module(f"bench.{section}").lines(here):
            sys.stderr.write(" | ".join(line.cells) + "\n")
            yield line
    except Exception as error:
        traceback.print_exc()
        why = f"it broke: {type(error).__name__}: {error}"[:200].replace("\n", " ")
        yield Line(section, "–", "–", "–", None, 0.0, why_not=why)


def _asked(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--only",
        default=list(SECTIONS),
        type=lambda text: text.split(","),
        help=f"some of {','.join(SECTIONS)}",
    )
    size = parser.add_mutually_exclusive_group()
    for option, value, told in (
        ("--quick", QUICK, "a small part of the sizes: shows that it works, not how fast"),
        ("--full", FULL, "the full sizes, and more runs"),
    ):
        size.add_argument(
            option, dest="size", action="store_const", const=value, default=USUAL, help=told
        )
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    return parser.parse_args(words)


def terminal_table(found: list[Line]) -> Table:
    table = Table(title="Linchpin, measured", show_lines=True)
    for heading in HEADINGS:
        table.add_column(heading)
    for line in found:
        table.add_row(*line.cells)
    return table


def page_table(found: list[Line]) -> str:
    """The table as Markdown."""
    rows = [HEADINGS, ("---",) * len(HEADINGS), *(line.cells for line in found)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


def write(page: Path, found: list[Line], command: str) -> None:
    """Puts the table, and with which command it was measured, between the page's markers."""
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    when = f"Measured on {date.today()} at commit {_commit()} by `{command}`."  # noqa: DTZ011
    page.write_text(f"{before}{BEGIN}\n{when}\n\n{page_table(found)}{END}{after}")


def _commit() -> str:
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() or "?"


if __name__ == "__main__":
    sys.exit(main())
