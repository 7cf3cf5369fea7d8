"""The bench works: some lines at sizes that say nothing, and the page it writes."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from bench.__main__ import BEGIN, END, PAGE, measured, write
from bench.figures import Line, interleaved


def line(ratio: float | None, goal: float, *, at_least: bool = False) -> Line:
    return Line("a", "b", "c", "d", ratio, goal, at_least=at_least)


def test_lines_are_measured_and_written_between_the_markers(tmp_path: Path) -> None:
    found = list(measured(["scale", "lookup"], part=0.0, runs=1))
    assert len(found) == 4
    assert all(each.figure is not None and each.figure > 0 for each in found), found
    page = tmp_path / "performance.md"
    page.write_text(f"Before\n{BEGIN}\nold\n{END}\nAfter\n")
    write(page, found, "python -m bench")
    said = page.read_text()
    assert said.startswith("Before\n")
    assert said.endswith("After\n")
    assert "old" not in said
    assert "| an idle tick of the clock and of delivery, processor time |" in said


@pytest.mark.parametrize(
    ("one", "reached"),
    [
        (line(1.5, 2.0), True),
        (line(2.1, 2.0), False),
        (line(0.9, 0.8, at_least=True), True),
        (line(0.7, 0.8, at_least=True), False),
        (line(None, 2.0), False),
    ],
)
def test_what_could_not_be_measured_is_not_reached(one: Line, reached: bool) -> None:
    assert one.reached is reached


def test_sides_take_turns_and_the_median_counts() -> None:
    order: list[str] = []
    figures = {"a": iter((3.0, 1.0, 2.0)), "b": iter((9.0, 9.0, 1.0))}

    def side(name: str) -> float:
        order.append(name)
        return next(figures[name])

    found = interleaved({name: partial(side, name) for name in figures}, runs=3)
    assert order == ["a", "b"] * 3
    assert found == {"a": 2.0, "b": 9.0}


def test_the_page_has_its_markers() -> None:
    assert BEGIN in PAGE.read_text()
    assert END in PAGE.read_text()
