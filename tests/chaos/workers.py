"""A worker process: the program's own rounds in an accelerated time; started, killed, stopped.

The processes are forked from one that has loaded the program already (multiprocessing's
fork server), so that starting again costs milliseconds, and a kill is a real kill -9.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import Connection, event

from bot.context import Context
from bot.nudges.clock import SENDERS
from bot.nudges.rounds import clock_round
from db.core.engine import PATIENT_SECONDS, connect, is_sqlite
from db.outbox import recover_interrupted
from db.upkeep.process_lock import hold_process_lock
from demo.fast_forward import delivery_round
from tests.chaos import mutants
from tests.chaos.clocks import Clock
from tests.chaos.playbook import playbook
from tests.chaos.world import World, client
from tools import child_processes, clock_shift

log = logging.getLogger("chaos.worker")

TICK = 5.0  # seconds of the scenario between two looks of the clock
IDLE = 0.5


@dataclass(frozen=True)
class Plan:
    """What a worker process has to know. It is pickled."""

    url: str
    api_url: str
    token: str
    clock: Clock
    log: Path
    mutant: str = ""
    crash_at: int = 0  # kill yourself before the n-th statement (commits count)
    steps: int = 0  # instead of for ever: alone, stepping the clock so many seconds on


def plan(world: World, **more: object) -> Plan:
    """The plan of a worker in this world."""
    made = Plan(
        url=world.url,
        api_url=world.sandbox.api_url,
        token=world.sandbox.bot_token,
        clock=world.clock,
        log=world.folder / "workers.log",
    )
    return replace(made, **more)  # type: ignore[arg-type]


def start(made: Plan) -> BaseProcess:
    """A running worker."""
    return fork(work, made)


def kill(process: BaseProcess, with_signal: int = signal.SIGKILL) -> None:
    """Sends a signal to a worker that runs; after a killing one it is gone."""
    if process.pid and process.is_alive():
        os.kill(process.pid, with_signal)
    if with_signal == signal.SIGKILL:
        process.join()


def work(made: Plan) -> None:
    """The process's main: as `python -m bot worker`, without the sweep and the sync."""
    prepare(made)
    with hold_process_lock(made.url):
        context = context_of(made)
        if made.crash_at:
            _crash_before(context, made.crash_at)
        if is_sqlite(context.engine):
            recover_interrupted(context.engine, context.now())
        if made.steps:
            step_through(context, made.clock, made.steps, step=20)
            return
        ticks = threading.Thread(target=_for_ever, args=(_tick(context), made.clock, TICK))
        ticks.daemon = True
        ticks.start()
        _send_for_ever(context, made.clock)


def prepare(made: Plan) -> None:
    logging.basicConfig(filename=made.log, level=logging.WARNING)
    if made.mutant:
        mutants.MUTANTS[made.mutant]()


def context_of(made: Plan) -> Context:
    engine = connect(made.url, statement_seconds=PATIENT_SECONDS)
    slack = client(made.token, made.api_url, made.clock)
    return Context(engine, playbook(), slack, made.clock)


def _tick(context: Context) -> Callable[[], int]:
    return lambda: clock_round(context, context.now())


def _send_for_ever(context: Context, clock: Clock) -> None:
    """As many senders as the program has."""

    def send() -> None:
        _for_ever(lambda: delivery_round(context, context.now()), clock, IDLE * SENDERS)

    for _ in range(SENDERS - 1):
        threading.Thread(target=send, daemon=True).start()
    send()


def _for_ever(work: Callable[[], int], clock: Clock, pause: float) -> None:
    while True:
        try:
            worked = work()
        except Exception:
            log.exception("a round failed")
            worked = 0
        if not worked:
            clock.rest(pause)


def step_through(context: Context, clock: Clock, seconds: float, step: float = 5) -> None:
    """Does all that is due in so many seconds, looking every `step`."""
    end = clock() + timedelta(seconds=seconds)
    while clock() < end:
        while clock_round(context, clock()) or delivery_round(context, clock()):
            pass
        clock.rest(step)


def _crash_before(context: Context, number: int) -> None:
    """Kills this process before the `number`-th statement or commit of its writing transactions."""
    seen = 0

    def count(connection: Connection) -> None:
        nonlocal seen
        if not connection.get_execution_options().get("linchpin_read", False):
            seen += 1
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def before_statement(connection: Connection, *_: object) -> None:
        count(connection)

    event.listen(context.engine, "before_cursor_execute", before_statement)
    event.listen(context.engine, "commit", count)


def fork(target: Callable[..., None], *arguments: object) -> BaseProcess:
    """A function in a process of its own, which ends with this one even if that is killed."""
    told = (clock_shift.shift(), target, *arguments)
    process = _forks().Process(target=_ending_with_starter, args=told, daemon=True)
    process.start()
    return process


def _ending_with_starter(ahead: float, target: Callable[..., None], *arguments: object) -> None:
    child_processes.end_with_starter()
    clock_shift.move(ahead)
    target(*arguments)


@cache
def _forks() -> multiprocessing.context.ForkServerContext:
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["tests.chaos.preloaded"])
    return found
