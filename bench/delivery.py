"""Lines 5 and 7: from due to posted to settled, beside what people would use instead.

All sides post with the same client to the same stand-in for Slack; the rate is counted there, from
the first post to the last. Nothing is measured of putting the messages in.
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

from bench.data import Size
from bench.figures import Line, interleaved
from bench.machine import POSTGRESQL, ROOT, SQLITE, Machine, process
from bench.messages import put_in
from bench.slack import Stand, stand
from db.engine import connect
from db.models import Outbox
from db.outbox.states import PACE

EMPTY = Size(0)
CHANNELS = 200
PATIENCE = 240.0


def lines(machine: Machine) -> Iterator[Line]:
    if machine.wants("5"):
        yield from _beside_peers(machine)
    if machine.wants("7"):
        yield from _at_the_limits(machine)


def _at_the_limits(machine: Machine) -> Iterator[Line]:
    """Slack's two limits: a second a channel, and what one workspace may post in all."""
    length = 5 + 20 * machine.part
    for letter, channels, pace, limit, told in (
        ("a", 1_000, "slack", 1 / PACE.workspace.total_seconds(), "a workspace's pace"),
        ("b", 4, "slack", 4.0, "one a second for each channel"),
        ("c", 200, "channels", 200.0, "one a second for each channel, no pace for the workspace"),
    ):
        with stand("--pace") as server, machine.database(SQLITE, EMPTY) as url:
            put_in(url, int(limit * length * 1.5), channels, machine.now - timedelta(minutes=1))
            with process("bench.worker", url, server.api_url, pace, says=False):
                _wait_until(lambda: server.stats()["posts"] > 2 * PACE.burst)
                before = _after_a_post(server)
                time.sleep(length)
                after = _after_a_post(server)
        # From post to post: channels that keep step would make whole seconds of it otherwise.
        rate = (after["posts"] - before["posts"]) / (after["last"] - before["last"])
        limited = int(after["limited"])
        yield Line(
            f"7{letter}",
            "delivery at Slack's limits",
            f"{channels:,} channels, {length:.0f} s, {SQLITE}",
            f"{rate:,.2f} a second, {limited} × 429",
            f"the limit that binds, {told}: {limit:,.0f} a second",
            rate / limit if not limited else None,
            0.95,
            at_least=True,
            why_not=f"{limited} × 429" if limited else "",
        )


def _beside_peers(machine: Machine) -> Iterator[Line]:
    messages = machine.sized(1_000, 40)
    with ExitStack() as stack:
        server = stack.enter_context(stand())
        sides: dict[str, Callable[[], float]] = {
            SQLITE: lambda: _linchpin(machine, server, SQLITE, messages, workers=1),
            POSTGRESQL: lambda: _linchpin(machine, server, POSTGRESQL, messages, workers=2),
        }
        missing = _missing()
        if not missing:
            sides["celery"] = lambda: _celery(machine, server, messages)
            sides["procrastinate"] = lambda: _procrastinate(machine, server, messages)
        found = interleaved(sides, machine.runs)
    sizes = f"{machine.runs} × {messages:,} messages to {CHANNELS} channels, {{}}"
    for letter, kind, peer, told, goal in (
        ("a", SQLITE, "celery", "Celery with Redis, 2 prefork processes", 1.0),
        ("b", POSTGRESQL, "celery", "Celery with Redis, 2 prefork processes", 1.0),
        ("c", SQLITE, "procrastinate", "Procrastinate on PostgreSQL, 2 workers", 3.0),
        ("d", POSTGRESQL, "procrastinate", "Procrastinate on PostgreSQL, 2 workers", 3.0),
    ):
        yield Line(
            f"5{letter}",
            "due → posted → settled, durable",
            sizes.format(kind + (", 1 process" if kind == SQLITE else ", 2 workers")),
            f"{found[kind]:,.0f} a second",
            f"{told}: {found[peer]:,.0f} a second" if peer in found else "–",
            found[kind] / found[peer] if peer in found else None,
            goal,
            at_least=True,
            why_not=missing,
        )


def _missing() -> str:
    """What the peers need and is not there."""
    packages = [name for name in ("celery", "redis", "procrastinate") if find_spec(name) is None]
    if packages:
        return f"not installed: {', '.join(packages)} (make bench installs them)"
    return "" if shutil.which("redis-server") else "this machine has no redis-server"


def _linchpin(machine: Machine, server: Stand, kind: str, messages: int, workers: int) -> float:
    with machine.database(kind, EMPTY) as url, ExitStack() as stack:
        put_in(url, messages, CHANNELS, machine.now - timedelta(minutes=1))
        server.reset()
        for _ in range(workers):
            stack.enter_context(process("bench.worker", url, server.api_url, "free", says=False))
        _wait_for(server, messages)
        _wait_until(lambda: _settled(url) == messages)
        return _rate(server)


def _settled(url: str) -> int:
    engine = connect(url)
    with engine.execution_options(linchpin_read=True).connect() as connection:
        sent = select(func.count()).select_from(Outbox).where(col(Outbox.state) == "sent")
        found = int(connection.scalar(sent) or 0)
    engine.dispose()
    return found


def _celery(machine: Machine, server: Stand, messages: int) -> float:
    """Acknowledged late and written to the disk by Redis each time: as durable as the others."""
    with _redis(machine.folder) as url:
        env = {"BENCH_REDIS": url, "BENCH_SLACK": server.api_url}
        server.reset()
        _run("bench.peer_celery", str(messages), str(CHANNELS), env=env)
        command = ("-A", "bench.peer_celery", "worker", "--pool", "prefork", "--concurrency", "2")
        with process("celery", *command, "--loglevel", "CRITICAL", env=env, says=False):
            _wait_for(server, messages)
            return _rate(server)


def _procrastinate(machine: Machine, server: Stand, messages: int) -> float:
    with machine.server.database() as url, ExitStack() as stack:
        env = {"BENCH_DATABASE": url, "BENCH_SLACK": server.api_url}
        server.reset()
        _run("bench.peer_procrastinate", "enqueue", str(messages), str(CHANNELS), env=env)
        for _ in range(2):
            stack.enter_context(process("bench.peer_procrastinate", "work", env=env, says=False))
        _wait_for(server, messages)
        return _rate(server)


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    path = folder / "redis.sock"
    data = folder / "redis"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    command = ["redis-server", "--port", "0", "--unixsocket", str(path), "--dir", str(data)]
    command += ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait_until(path.exists)
        yield f"redis+socket://{path}"
    finally:
        child.terminate()
        child.wait(10)


def _run(module: str, *arguments: str, env: dict[str, str]) -> None:
    command = [sys.executable, "-m", module, *arguments]
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, **env})


def _after_a_post(server: Stand) -> dict[str, float]:
    """What was heard up to a post that comes now."""
    posts = server.stats()["posts"]
    _wait_until(lambda: server.stats()["posts"] > posts)
    return server.stats()


def _wait_for(server: Stand, posts: int) -> None:
    _wait_until(lambda: server.stats()["posts"] >= posts)


def _wait_until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("it did not come true in time")
        time.sleep(0.1)


def _rate(server: Stand) -> float:
    found = server.stats()
    return (found["posts"] - 1) / (found["last"] - found["first"])
