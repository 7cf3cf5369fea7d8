"""A line of the bench, and how its figures are taken: interleaved runs, medians."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One line of docs/performance.md.

    `figure` is what `goal` is compared with: a ratio, or a figure in `unit`; None where nothing
    could be measured, and `why_not` says why. A line without a goal is for information.
    """

    what: str
    sizes: str
    measured: str
    against: str
    figure: float | None
    goal: float | None = None
    at_least: bool = False  # whether the figure should be above the goal, or below it
    unit: str = "×"
    why_not: str = ""

    @property
    def reached(self) -> bool:
        if self.figure is None or self.goal is None:
            return self.goal is None
        return self.figure >= self.goal if self.at_least else self.figure <= self.goal

    @property
    def cells(self) -> tuple[str, ...]:
        """Its text for a table, column by column."""
        figure = "–" if self.figure is None else f"{self.figure:,.2f} {self.unit}"
        sign = "≥" if self.at_least else "≤"
        goal = "–" if self.goal is None else f"{sign} {self.goal:g} {self.unit}"
        mark = "" if self.goal is None else "reached" if self.reached else "**missed**"
        against = self.why_not or self.against
        return (self.what, self.sizes, self.measured, against, figure, goal, mark)


HEADINGS = ("what", "sizes", "measured", "against", "figure", "goal", "")


def interleaved(sides: Mapping[str, Callable[[], float]], runs: int) -> dict[str, float]:
    """The median of each side's figure; sides take turns, so that all meet the same load."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(runs):
        for name, measure in sides.items():
            found[name].append(measure())
    return {name: statistics.median(values) for name, values in found.items()}


def wall_seconds(work: Callable[[], object], times: int = 1) -> float:
    """The seconds that one run of the work takes."""
    began = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - began) / times


def cpu_seconds(work: Callable[[], object], times: int = 1) -> float:
    """The processor's seconds that this process needs for one run of the work."""
    began = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - began) / times


def percentile(taken: list[float], part: float) -> float:
    return sorted(taken)[min(len(taken) - 1, int(len(taken) * part))]


def ms(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms"
