"""What a line of the bench says, and how its figures are taken: interleaved runs, medians."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

RUNS = 5


@dataclass(frozen=True)
class Line:
    """One line of docs/performance.md. `ratio` is empty where nothing could be measured."""

    number: str  # of the table in the issue: 1 to 10, and a letter for its parts
    what: str
    sizes: str
    measured: str
    against: str
    ratio: float | None
    goal: float
    at_least: bool = False  # whether the ratio should be above the goal, or below it
    unit: str = "×"
    why_not: str = ""  # why nothing could be measured

    @property
    def reached(self) -> bool:
        if self.ratio is None:
            return False
        return self.ratio >= self.goal if self.at_least else self.ratio <= self.goal

    @property
    def told_ratio(self) -> str:
        return "–" if self.ratio is None else f"{self.ratio:,.2f} {self.unit}"

    @property
    def told_goal(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.goal:g} {self.unit}"


def interleaved(sides: Mapping[str, Callable[[], float]], runs: int = RUNS) -> dict[str, float]:
    """The median of each side's figure; they take turns, so that all meet the same weather."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(runs):
        for name, measure in sides.items():
            found[name].append(measure())
    return {name: statistics.median(values) for name, values in found.items()}


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """How long it takes by the clock on the wall, once."""
    began = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - began) / times


def cpu_seconds(work: Callable[[], object], times: int = 1) -> float:
    """How long this process computes for it once: waiting, and other processes, left out."""
    began = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - began) / times


def ms(found: float) -> str:
    return f"{found * 1000:,.1f} ms"
