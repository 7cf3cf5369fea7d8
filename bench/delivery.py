"""Messages from due to posted to settled, beside Celery with Redis and beside Procrastinate.

All sides post with the same client to the same stand-in for Slack; the rate is counted there, from
the first post to the last. Putting the messages in is not measured.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import func
from sqlmodel import col, select

from bench import moment
from bench.data import fill_outbox
from bench.figures import Line, interleaved
from bench.machine import POSTGRESQL, SQLITE, Machine, engine_of, process
from bench.slack import Stand, stand
from db.models import Outbox
from tools.child_processes import ROOT

CHANNELS = 200
PATIENCE_SECONDS = 240.0
CELERY = "Celery with Redis, 2 prefork processes"
PROCRASTINATE = "Procrastinate on PostgreSQL, 2 workers"


def lines(machine: Machine) -> Iterator[Line]:
    missing = _missing()
    messages = machine.sized(1_000, 40)
    with stand() as server:
        sides: dict[str, Callable[[], float]] = {
            SQLITE: lambda: _linchpin(machine, server, SQLITE, messages, workers=1),
            POSTGRESQL: lambda: _linchpin(machine, server, POSTGRESQL, messages, workers=2),
        }
        if not missing:
            sides[CELERY] = lambda: _celery(machine, server, messages)
            sides[PROCRASTINATE] = lambda: _procrastinate(machine, server, messages)
        found = interleaved(sides, machine.runs)
    for kind, workers in ((SQLITE, "1 process"), (POSTGRESQL, "2 workers")):
        for peer, goal in ((CELERY, 1.0), (PROCRASTINATE, 2.0)):
            yield Line(
                "due → posted → settled, durable",
                f"{machine.runs} × {messages:,} messages to {CHANNELS} channels, {kind}, {workers}",
                f"{found[kind]:,.0f} a second",
                f"{peer}: {found[peer]:,.0f} a second" if peer in found else "–",
                found[kind] / found[peer] if peer in found else None,
                goal,
                at_least=True,
                why_not=missing,
            )


def wait_until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("it did not come true in time")
        time.sleep(0.1)


def _missing() -> str:
    """What the peers need and is not there."""
    packages = [name for name in ("celery", "redis", "procrastinate") if find_spec(name) is None]
    if packages:
        return f"not installed: {', '.join(packages)} (make bench installs them)"
    return "" if shutil.which("redis-server") else "this machine has no redis-server"


def _linchpin(machine: Machine, server: Stand, kind: str, messages: int, workers: int) -> float:
    with machine.empty(kind) as url, ExitStack() as stack:
        engine = stack.enter_context(engine_of(url))
        fill_outbox(engine, messages, CHANNELS, moment.now() - timedelta(minutes=1))
        sent = select(func.count()).select_from(Outbox).where(col(Outbox.state) == "sent")

        def settled() -> bool:
            with engine.execution_options(linchpin_read=True).connect() as connection:
                return connection.scalar(sent) == messages

        server.reset()
        for _ in range(workers):
            stack.enter_context(process("bench.worker", url, server.api_url, "free", says=False))
        wait_until(settled)
        return _rate(server)


def _celery(machine: Machine, server: Stand, messages: int) -> float:
    """Acknowledged late and written to the disk by Redis each time: as durable as the others."""
    with _redis(machine.folder) as url:
        env = {"BENCH_REDIS": url, "BENCH_SLACK": server.api_url}
        server.reset()
        _run("bench.peer_celery", str(messages), str(CHANNELS), env=env)
        command = ("-A", "bench.peer_celery", "worker", "--pool", "prefork", "--concurrency", "2")
        with process("celery", *command, "--loglevel", "CRITICAL", env=env, says=False):
            wait_until(lambda: server.stats()["posts"] >= messages)
            return _rate(server)


def _procrastinate(machine: Machine, server: Stand, messages: int) -> float:
    with machine.server.database() as url, ExitStack() as stack:
        env = {"BENCH_DATABASE": url, "BENCH_SLACK": server.api_url}
        server.reset()
        _run("bench.peer_procrastinate", "enqueue", str(messages), str(CHANNELS), env=env)
        for _ in range(2):
            stack.enter_context(process("bench.peer_procrastinate", "work", env=env, says=False))
        wait_until(lambda: server.stats()["posts"] >= messages)
        return _rate(server)


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    path, data = folder / "redis.sock", folder / "redis"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    command = ["redis-server", "--port", "0", "--unixsocket", str(path), "--dir", str(data)]
    command += ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_until(path.exists)
        yield f"redis+socket://{path}"
    finally:
        child.terminate()
        child.wait(10)


def _run(module: str, *arguments: str, env: dict[str, str]) -> None:
    command = [sys.executable, "-m", module, *arguments]
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, **env})


def _rate(server: Stand) -> float:
    found = server.stats()
    return (found["posts"] - 1) / (found["last"] - found["first"])
