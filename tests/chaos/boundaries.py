"""Scenario 3: a crash before every single statement and commit of delivery."""

from __future__ import annotations

from pathlib import Path

from db.core.tx import begin
from db.outbox import enqueue_post
from tests.chaos.clocks import Stepped
from tests.chaos.figures import Figure
from tests.chaos.workers import plan, start
from tests.chaos.world import World, world

# One post for each way through claim, send, finish and reconcile.
WAYS = ("", "429", "500_before", "drop_after")

STEPS = 320  # seconds: a lease, the settle window, two looks, and a retry


def crash_everywhere(folder: Path, database: str, *, every: int = 1, most: int = 1000) -> Figure:
    """Kills a worker before its 1st statement, another one before its 2nd, until one survives.

    `every`: only each so-manieth. After each crash a new worker finishes the work.
    """
    crashes = 0
    with world(folder, database, Stepped(folder / "clock")) as made:
        for number in range(1, most, every):
            _order(made, number)
            died = _work(made, crash_at=number)
            _work(made)
            crashes += died
            if not died or not made.verdict().clean:
                break
        found = made.verdict()
    which = f"{every}. " if every > 1 else ""
    return Figure(
        "3",
        "kill -9 before statements and commits of claim, send, finish, reconcile",
        database,
        f"{crashes} crashes, one at every {which}boundary, {found.rows} posts",
        str(found),
        "0 lost, 0 doubled, all recover",
        found.clean and crashes > 0,
    )


def _order(made: World, number: int) -> None:
    """A post of each way, and the trouble it gets into."""
    with begin(made.engine, made.workspace) as tx:
        for lane, kind in enumerate(WAYS):
            channel = f"C0D{lane:02}"
            text = f"{number} {kind}"
            enqueue_post(
                tx,
                dedupe_key=text,
                kind="nudge",
                channel=channel,
                payload={"text": text, "blocks": []},
                now=made.clock(),
            )
            if kind:
                made.sandbox.fail("chat.postMessage", kind, retry_after=5, channel=channel)


def _work(made: World, crash_at: int = 0) -> bool:
    """A worker until all must be settled; says whether it died on the way."""
    process = start(plan(made, crash_at=crash_at, steps=STEPS))
    process.join()
    if not crash_at:
        assert process.exitcode == 0, "the worker that should recover everything failed"
    return process.exitcode != 0
