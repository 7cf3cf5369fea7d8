"""Scenario 5: Slack takes long to show what it has accepted."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.clocks import Stepped
from tests.chaos.figures import Figure
from tests.chaos.judge import Verdict
from tests.chaos.workers import step_through
from tests.chaos.world import World, world


def run(folder: Path, database: str, *, posts: int, least: float, most: float) -> Verdict:
    """Every post is answered 500 or cut off, and shows only after so many seconds."""
    with world(folder, database, Stepped(folder / "clock")) as made:
        halves = [(0.5, "slow_commit", least, most, answer) for answer in ("500", "drop")]
        storm = made.storm(halves, seed=5)
        made.say(posts)
        pass_time(made, minutes=2)
        storm.calm = True  # each post is late once
        pass_time(made, minutes=20)
        return made.verdict()


def pass_time(made: World, minutes: float, step: float = 5) -> None:
    """Does all that is due in the next minutes, looking every `step` seconds."""
    step_through(made.context, made.clock, minutes * 60, step)


def within_the_window(folder: Path, database: str, *, posts: int) -> Figure:
    """0–100 s, against a settle window of 120 s."""
    found = run(folder, database, posts=posts, least=0, most=100)
    return Figure(
        "5",
        "posts that show 0–100 s late, settle window 120 s",
        database,
        f"{posts} posts",
        str(found),
        "0 lost, 0 doubled",
        found.clean,
    )


def beyond_it(folder: Path, database: str, *, posts: int) -> Figure:
    """200 s: beyond what is promised; the number is documented."""
    found = run(folder, database, posts=posts, least=200, most=200)
    return Figure(
        "5b",
        "posts that show 200 s late: beyond the promise",
        database,
        f"{posts} posts",
        str(found),
        "documented",
        found.lost == 0 and found.doubled > 0,
    )
