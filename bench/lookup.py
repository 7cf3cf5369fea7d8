"""Line 9: finding an account among very many by what a person types, misspelled or half."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from bench.data import WORKSPACE, Size, name
from bench.figures import Line
from bench.machine import POSTGRESQL, SQLITE, Machine
from bench.servers import context_of
from bot.actions import lookup
from bot.rules.errors import UserError
from db import account_search
from db.name_indexes import NameIndexes, Names
from db.tx import read

MOST_MS = 150.0


def lines(machine: Machine) -> Iterator[Line]:
    size, times = Size(machine.sized(100_000, 2_000)), machine.sized(10_000, 100)
    with machine.database(SQLITE, size) as url:
        yield from _found(size, url, times)
        yield _typed(size, url, machine.sized(500, 50), SQLITE, "c")
    with machine.database(POSTGRESQL, size) as url:
        yield _typed(size, url, machine.sized(500, 50), POSTGRESQL, "d")


def _found(size: Size, url: str, times: int) -> Iterator[Line]:
    """The look-up of a command, and what all of them leave behind in memory."""
    _many(url, _find, size, max(20, times // 50), seed=1)
    before = resident()
    taken = _many(url, _find, size, times, seed=2)
    after = resident()
    sizes = f"{size.accounts:,} accounts, {times:,} look-ups, {SQLITE}"
    yield Line(
        "9a",
        "fuzzy account look-up, p99, processor time",
        sizes,
        f"{_percentile(taken, 0.99):.1f} ms (median {_percentile(taken, 0.5):.1f} ms)",
        "–",
        _percentile(taken, 0.99),
        MOST_MS,
        unit="ms",
    )
    yield Line(
        "9b",
        "resident memory after those look-ups",
        sizes,
        f"{after:.0f} MiB",
        f"before: {before:.0f} MiB",
        after / before,
        1.02,
    )


def _typed(size: Size, url: str, times: int, kind: str, letter: str) -> Line:
    """The menu that an account is picked from by typing (external_select)."""
    _many(url, _suggest, size, 20, seed=3)
    taken = _many(url, _suggest, size, times, seed=4)
    return Line(
        f"9{letter}",
        "typing into the menu of accounts, p99, processor time",
        f"{size.accounts:,} accounts, {times:,} look-ups, {kind}",
        f"{_percentile(taken, 0.99):.1f} ms (median {_percentile(taken, 0.5):.1f} ms)",
        "Slack waits 3 s",
        _percentile(taken, 0.99),
        MOST_MS,
        unit="ms",
    )


def _many(
    url: str, look: Callable[[NameIndexes, str], object], size: Size, times: int, seed: int
) -> list[float]:
    """How long each of many look-ups takes, in ms."""
    context, chance, taken = context_of(url), random.Random(seed), []
    look(context.names, "whoever is first has all names read")
    for _ in range(times):
        words = _as_typed(name(chance.randint(1, size.accounts)), chance)
        began = time.process_time()
        look(context.names, words)
        taken.append((time.process_time() - began) * 1000)
    context.engine.dispose()
    return taken


def _as_typed(called: str, chance: random.Random) -> str:
    """A name as people type it: cut short, two letters exchanged, one missing, a word left out."""
    at = chance.randrange(1, len(called) - 2)
    ways = (
        called[: max(4, at)],
        called[:at] + called[at + 1] + called[at] + called[at + 2 :],
        called[:at] + called[at + 1 :],
        " ".join(called.split()[1:]),
    )
    return chance.choice(ways).lower()


def _find(known: NameIndexes, words: str) -> None:
    def run(every: Names | None) -> None:
        with suppress(lookup.Unclear, UserError), read(known.engine, WORKSPACE) as tx:
            lookup.find(tx, words, every)

    lookup.with_names(known, WORKSPACE, run)


def _suggest(known: NameIndexes, words: str) -> None:
    every = known.of(WORKSPACE)
    with read(known.engine, WORKSPACE) as tx:
        account_search.suggest(tx, every, words)


def _percentile(taken: list[float], part: float) -> float:
    return sorted(taken)[min(len(taken) - 1, int(len(taken) * part))]


def resident(pid: int | str = "self") -> float:
    """A process's memory in MiB, as Linux counts it."""
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    raise LookupError("this system does not tell a process's memory")
