"""Scenarios 1, 2 and 4 as figures: killed, stopped, and the two mutants that must be caught."""

from __future__ import annotations

from pathlib import Path

from db.outbox.states import LEASE
from tests.chaos.figures import Figure
from tests.chaos.killed import SPEED, Run, run


def killed(
    folder: Path, database: str, *, posts: int, nudges: int, kills: int, speed: float = SPEED
) -> Figure:
    """kill -9 at random moments."""
    found = run(folder, database, posts=posts, nudges=nudges, hits=kills, speed=speed)
    passed = found.verdict.clean and found.hits == kills
    what = "kill -9 at random moments; 14 % of the posts go wrong"
    return _figure("1", what, database, found, nudges, "0 lost, 0 doubled", passed)


def stopped(
    folder: Path, database: str, *, posts: int, nudges: int, stops: int, speed: float = SPEED
) -> Figure:
    """SIGSTOP of one and a half leases."""
    stop_for = 1.5 * LEASE.total_seconds()
    found = run(
        folder, database, posts=posts, nudges=nudges, hits=stops, speed=speed, stop_for=stop_for
    )
    passed = found.verdict.clean and found.hits == stops
    what = "SIGSTOP of 1.5 leases; 14 % of the posts go wrong"
    return _figure("4", what, database, found, nudges, "0 lost, 0 doubled", passed)


def without_unknown(
    folder: Path,
    database: str,
    *,
    posts: int,
    nudges: int,
    kills: int,
    least: int,
    speed: float = SPEED,
) -> Figure:
    """The state `unknown` taken out: what is in doubt is sent again."""
    found = run(
        folder, database, posts=posts, nudges=nudges, hits=kills, speed=speed, mutant="no unknown"
    )
    what = 'mutant without the state "unknown", as 1: must double'
    goal = f"more than {least} doubled"
    return _figure("2a", what, database, found, nudges, goal, found.verdict.doubled > least)


def sent_first(
    folder: Path,
    database: str,
    *,
    posts: int,
    nudges: int,
    kills: int,
    least: int,
    speed: float = SPEED,
) -> Figure:
    """ "sent" written before the call."""
    found = run(
        folder, database, posts=posts, nudges=nudges, hits=kills, speed=speed, mutant="sent first"
    )
    what = 'mutant that writes "sent" first, as 1: must lose'
    goal = f"more than {least} lost"
    return _figure("2b", what, database, found, nudges, goal, found.verdict.lost > least)


def _figure(
    number: str, what: str, database: str, found: Run, nudges: int, goal: str, passed: bool
) -> Figure:
    sizes = f"{found.verdict.rows} posts, {nudges} of them opened by the clock, {found.hits} hits"
    return Figure(number, what, database, sizes, str(found), goal, passed)
