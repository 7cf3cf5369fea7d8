"""Delivery at Slack's limits: one message a second a channel, and a workspace's pace."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

from bench import moment
from bench.data import fill_outbox
from bench.delivery import wait_until
from bench.figures import Line
from bench.machine import SQLITE, Machine, engine_of, process
from bench.slack import Stand, stand
from db.outbox.states import RATE_LIMIT

# Messages that must not run out when the machine is slow to look.
MORE = 100
# (channels, the worker's pace, the limit that binds in messages a second, what that is)
CASES = (
    (1_000, "slack", 1 / RATE_LIMIT.workspace.total_seconds(), "a workspace's pace"),
    (4, "slack", 4.0, "one a second for each channel"),
    (200, "channels", 200.0, "one a second for each channel, no pace for the workspace"),
)


def lines(machine: Machine) -> Iterator[Line]:
    seconds = 5 + 20 * machine.part
    for channels, pace, limit, told in CASES:
        with stand("--pace") as server, machine.empty(SQLITE) as url:
            with engine_of(url) as engine:
                due = moment.now() - timedelta(minutes=1)
                fill_outbox(engine, int(limit * seconds * 2) + MORE, channels, due)
            with process("bench.worker", url, server.api_url, pace, says=False):
                wait_until(lambda: server.stats()["posts"] > 2 * RATE_LIMIT.burst)
                before = _after_a_post(server)
                time.sleep(seconds)
                after = _after_a_post(server)
        # From post to post: channels that keep step would make whole seconds of it otherwise.
        rate = (after["posts"] - before["posts"]) / (after["last"] - before["last"])
        limited = int(after["limited"])
        yield Line(
            "delivery at Slack's limits",
            f"{channels:,} channels, {seconds:.0f} s, {SQLITE}",
            f"{rate:,.2f} a second, {limited} × 429",
            f"the limit that binds, {told}: {limit:,.0f} a second",
            rate / limit if not limited else None,
            0.95,
            at_least=True,
            why_not=f"{limited} × 429" if limited else "",
        )


def _after_a_post(server: Stand) -> dict[str, float]:
    """What was heard up to a post that comes now."""
    posts = server.stats()["posts"]
    wait_until(lambda: server.stats()["posts"] > posts)
    return server.stats()
