"""Line 3: a tick with nothing due, with few and with very many planned touchpoints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

from bench.data import Size
from bench.figures import Line, cpu_seconds, interleaved
from bench.machine import SQLITE, Machine
from bench.servers import context_of
from bot.nudges.rounds import clock_round, delivery_round
from db import heartbeat


def lines(machine: Machine) -> Iterator[Line]:
    few, many = Size(machine.sized(10_000, 100), 1), Size(machine.sized(1_000_000, 1_000), 1)
    times = machine.sized(300, 10)
    with ExitStack() as stack:
        sides = {
            size.file: _idle(stack.enter_context(machine.database(SQLITE, size)), times)
            for size in (few, many)
        }
        found = interleaved(sides, machine.runs)
    yield Line(
        "3",
        "an idle tick: clock, digests and delivery look, and find nothing; processor time",
        f"{many.accounts:,} planned touchpoints, {machine.runs} × {times} ticks, {SQLITE}",
        f"{found[many.file] * 1e6:,.0f} µs",
        f"{few.accounts:,} planned touchpoints: {found[few.file] * 1e6:,.0f} µs",
        found[many.file] / found[few.file],
        1.2,
    )


def _idle(url: str, times: int) -> Callable[[], float]:
    context = context_of(url)

    def tick() -> None:
        now = context.now()
        assert clock_round(context, now) == 0
        assert delivery_round(context, now) == 0
        heartbeat.beat(context.engine, "clock", now)

    def measure() -> float:
        # Every five minutes a tick looks whether a digest is due, and reads all managers then.
        tick()
        return cpu_seconds(tick, times)

    while clock_round(context, context.now()):
        pass  # what a start has to do once: customers from before cycles get theirs
    measure()
    return measure
