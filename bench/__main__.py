"""`python -m bench`: how near to the limit, and how far ahead of what people would use instead.

Takes about thirteen minutes on two cores; `--only 1,6` and `--quick` take less. `--write` puts the
table into docs/performance.md.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.figures import RUNS, Line
from bench.machine import ROOT, Machine, machine

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
QUICK = 0.02

# Numbers of the lines, and the module that measures them.
SECTIONS = (
    (("1", "2"), "commands"),
    (("3",), "clocks"),
    (("4",), "claims"),
    (("5", "7"), "delivery"),
    (("6",), "tls"),
    (("8",), "imports"),
    (("9",), "lookup"),
    (("10",), "start"),
)


def main(words: list[str] | None = None) -> int:
    """Measures, prints, and writes if it is asked to; 1 if a goal was missed."""
    asked = _asked(words)
    logging.disable(logging.CRITICAL)
    found = list(measured(asked.only, asked.part, asked.runs))
    Console().print(terminal_table(found))
    if asked.write:
        write(PAGE, found)
    return 0 if all(line.reached for line in found) else 1


def measured(only: set[str], part: float, runs: int) -> Iterator[Line]:
    """Every line asked for, as it is measured."""
    with machine(part, runs, only) as here:
        for numbers, section in SECTIONS:
            if only and not only & set(numbers):
                continue
            began = time.monotonic()
            for line in _section(here, numbers[0], section):
                mark = "ok  " if line.reached else "MISS"
                told = line.why_not or f"{line.measured}; {line.against}; {line.told_ratio}"
                sys.stderr.write(f"{mark} {line.number:3} {line.what}: {told}\n")
                yield line
            sys.stderr.write(f"     {', '.join(numbers)} took {time.monotonic() - began:.0f} s\n")


def _section(here: Machine, number: str, section: str) -> Iterator[Line]:
    """The lines of one module; one that breaks is a goal missed, and the others go on."""
    try:
        yield from import_module(f"bench.{section}").lines(here)
    except Exception as error:
        traceback.print_exc()
        why = f"it broke: {type(error).__name__}: {error}"[:200].replace("\n", " ")
        yield Line(number, section, "–", "–", "–", None, 0.0, why_not=why)


def _asked(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--only", default=set(), type=lambda text: set(text.split(",")), help="lines, with commas"
    )
    parser.add_argument(
        "--quick",
        dest="part",
        action="store_const",
        const=QUICK,
        default=1.0,
        help="a small part of the sizes: shows that it works, not how fast",
    )
    parser.add_argument("--scale", dest="part", type=float, help="how much of the sizes")
    parser.add_argument("--runs", type=int, default=RUNS, help="interleaved runs of each line")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    return parser.parse_args(words)


def terminal_table(found: list[Line]) -> Table:
    table = Table(title="Linchpin, measured", show_lines=True)
    for heading in ("#", "what", "measured", "against", "ratio", "goal", ""):
        table.add_column(heading, justify="right" if heading in ("ratio", "goal") else "left")
    for line in found:
        mark = "[green]reached[/]" if line.reached else "[bold red]missed[/]"
        what = f"{line.what}\n[dim]{line.sizes}[/]"
        against = line.why_not or line.against
        cells = (line.number, what, line.measured, against, line.told_ratio, line.told_goal, mark)
        table.add_row(*cells)
    return table


def page_table(found: list[Line]) -> str:
    rows = [
        "| # | what | sizes | measured | against | ratio | goal | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for line in found:
        mark = "reached" if line.reached else "**missed**"
        told = (line.measured, line.why_not or line.against, line.told_ratio, line.told_goal, mark)
        rows.append(f"| {' | '.join((line.number, line.what, line.sizes, *told))} |")
    return "\n".join(rows) + "\n"


def write(page: Path, found: list[Line]) -> None:
    """Puts the table between the page's markers."""
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    when = f"Measured on {datetime.now(UTC):%Y-%m-%d} at commit {_commit()}."
    page.write_text(f"{before}{BEGIN}\n{when}\n\n{page_table(found)}{END}{after}")


def _commit() -> str:
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() or "?"


if __name__ == "__main__":
    sys.exit(main())
