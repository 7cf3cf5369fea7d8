"""`python -m tests.chaos`: every scenario in full, as a table; `--write` puts it into the docs.

Takes most of an hour on two idle cores. `--only 1,3`, `--database sqlite` and `--scale 0.2`
take less.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tests.chaos import (
    boundaries,
    firing,
    lanes,
    late,
    machine,
    migrating,
    outage,
    planning,
    reactions,
    years,
)
from tests.chaos.databases import POSTGRES, SQLITE
from tests.chaos.figures import Figure

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"

SIZES = frozenset(
    "posts nudges kills stops messages runs least bad accounts workspaces days".split()
)
Scenario = Callable[[Path, str], Figure]

# In full; the short forms stand in test_short.py.
FULL: tuple[tuple[str, tuple[str, ...], Scenario], ...] = (
    ("1", (SQLITE, POSTGRES), partial(firing.killed, posts=5000, nudges=1000, kills=200)),
    ("2", (SQLITE,), partial(firing.without_unknown, posts=2000, nudges=100, kills=60, least=100)),
    ("2", (SQLITE,), partial(firing.sent_first, posts=1200, nudges=100, kills=60, least=50)),
    ("3", (SQLITE, POSTGRES), partial(boundaries.crash_everywhere, every=1)),
    ("4", (POSTGRES,), partial(firing.stopped, posts=600, nudges=60, stops=50)),
    ("5", (SQLITE, POSTGRES), partial(late.within_the_window, posts=200)),
    ("5", (SQLITE,), partial(late.beyond_it, posts=100)),
    ("6", (POSTGRES,), partial(planning.a_year, workspaces=50, days=365)),
    ("7", (SQLITE, POSTGRES), partial(reactions.shuffled, messages=5000, kills=10)),
    ("8", (SQLITE, POSTGRES), partial(outage.failing, every=1)),
    ("9", (SQLITE,), partial(lanes.refusing, channels=8, minutes=65, every=300)),
    ("10", (SQLITE, POSTGRES), partial(lanes.paced, posts=1000, channels=8, speed=4, limited=8)),
    ("11", (SQLITE, POSTGRES), partial(lanes.poisoned, posts=5000, bad=100)),
    ("12", (SQLITE, POSTGRES), partial(migrating.killed, accounts=10_000, kills=2)),
    *(
        (
            "12",
            (SQLITE,),
            partial(migrating.killed, accounts=1000, kills=20, versions=1, mutant=each),
        )
        for each in (migrating.FOREIGN_KEYS_ON, migrating.EACH_BY_ITSELF)
    ),
    ("13", (SQLITE,), partial(machine.explored, runs=2000, steps=50)),
    ("14", ("none",), years.calendars),
)


def main() -> int:
    """Runs, prints, and writes if it is asked to; 1 if a goal was missed."""
    asked = _asked()
    logging.disable(logging.ERROR)
    found = list(
        _figures(asked.only.split(",") if asked.only else None, asked.database, asked.scale)
    )
    table = _table(found)
    sys.stdout.write(table)
    if asked.write:
        _write(table)
    return 0 if all(figure.passed for figure, _ in found) else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.chaos", description=__doc__)
    parser.add_argument("--only", help="numbers of scenarios, with commas")
    parser.add_argument("--database", choices=(SQLITE, POSTGRES))
    parser.add_argument(
        "--scale", type=float, default=1.0, help="how much of the sizes, for a busy machine"
    )
    parser.add_argument("--write", action="store_true", help="write docs/reliability.md")
    return parser.parse_args()


def _figures(
    only: list[str] | None, database: str | None, scale: float
) -> Iterator[tuple[Figure, float]]:
    for number, databases, full in FULL:
        scenario = _scaled(full, scale)
        for each in databases:
            if (only and number not in only) or (database and each not in (database, "none")):
                continue
            began = time.monotonic()
            figure = _run(number, scenario, each)
            took = time.monotonic() - began
            mark = "ok  " if figure.passed else "MISS"
            sys.stderr.write(f"{mark} {number} {each}, {took:.0f} s: {figure.measured}\n")
            yield figure, took


def _run(number: str, scenario: Scenario, database: str) -> Figure:
    """One scenario; one that breaks is a goal missed, and the others go on."""
    with tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True) as folder:
        try:
            return scenario(Path(folder), database)
        except Exception as error:
            what = f"{type(error).__name__}: {error}"[:200].replace("\n", " ")
            return Figure(number, "broke", database, "–", what, "an end", False)


def _scaled(scenario: Scenario, scale: float) -> Scenario:
    """The same with a part of its sizes."""
    if scale == 1 or not isinstance(scenario, partial):
        return scenario
    sizes = {
        name: max(1, int(value * scale)) if name in SIZES else value
        for name, value in scenario.keywords.items()
    }
    if scenario.func in (boundaries.crash_everywhere, outage.failing):
        sizes["every"] = round(sizes["every"] / scale)
    return partial(scenario.func, **sizes)


def _table(found: list[tuple[Figure, float]]) -> str:
    lines = [
        "| # | what | database | sizes | measured | goal | | s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one, took in found:
        reached = "reached" if one.passed else "**missed**"
        cells = (one.scenario, one.what, one.database, one.sizes, one.measured, one.goal, reached)
        lines.append(f"| {' | '.join(cells)} | {took:.0f} |")
    return "\n".join(lines) + "\n"


def _write(table: str) -> None:
    page = PAGE.read_text()
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    when = f"Measured on {datetime.now(UTC):%Y-%m-%d} at commit {_commit()}, on two cores."
    PAGE.write_text(f"{before}{BEGIN}\n{when}\n\n{table}{END}{after}")


def _commit() -> str:
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() or "?"


if __name__ == "__main__":
    sys.exit(main())
