"""`run` from its start to ready, and its memory."""

from __future__ import annotations

import compileall
import json
import os
import resource
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from bench import moment
from bench.data import Size, name
from bench.figures import Line, interleaved, ms
from bench.machine import SQLITE, Machine
from sandbox import Sandbox
from tools.child_processes import ROOT

LIBRARIES = "import slack_bolt, sqlmodel, apscheduler.schedulers.background"
MOST_MIB = 200.0


def lines(machine: Machine) -> Iterator[Line]:
    size = Size(machine.whole(100_000, 2_000), 1, moment.now())
    memory: list[float] = []
    _write_bytecode()
    with Sandbox(now=moment.now) as slack, machine.filled(size) as url:
        found = interleaved(
            {"ours": lambda: _start(slack, url, memory, size.accounts), "floor": _import_libraries},
            machine.runs,
        )
    yield Line(
        "`run` from its start until /readyz is green, processor time",
        f"{size.accounts:,} accounts, {machine.runs} starts, {SQLITE}",
        ms(found["ours"]),
        f"importing slack_bolt, sqlmodel and apscheduler: {ms(found['floor'])}",
        found["ours"] / found["floor"],
        2.0,
    )
    yield Line(
        "resident memory of `run`, after a misspelled name was looked up",
        f"{size.accounts:,} accounts, {SQLITE}",
        f"{max(memory):.0f} MiB",
        "–",
        max(memory),
        MOST_MIB,
        unit="MiB",
    )


def _write_bytecode() -> None:
    """Compiles our modules, as an installation's first start does for all later ones.

    The environment may switch that off here (PYTHONDONTWRITEBYTECODE).
    """
    for ours in ("bot", "db"):
        compileall.compile_dir(ROOT / ours, quiet=2)


def _start(slack: Sandbox, url: str, memory: list[float], accounts: int) -> float:
    """Starts it and returns what it has computed when it is ready; notes its memory."""
    with _running(slack, url) as (pid, port):
        _wait_until_ready(port)
        computed = _computed(pid)
        _look_up(slack, name(accounts // 2))
        memory.append(resident(pid))
    return computed


def _look_up(slack: Sandbox, called: str) -> None:
    """Asks for an account by a misspelled name, and once more if the first time, when all names are
    read, took longer than Slack waits: on a busy machine it may be several times."""
    for _ in range(10):
        answer = slack.command("priya", "#general", f"/account {called[:3]}x{called[3:]}")
        if called in str(answer):
            return
    raise LookupError(f"it was not found: {answer}")


@contextmanager
def _running(slack: Sandbox, url: str) -> Iterator[tuple[int, int]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environ = {
        **os.environ,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": url,
        "PORT": str(port),
        "LINCHPIN_LOG_LEVEL": "ERROR",
    }
    child = subprocess.Popen([sys.executable, "-m", "bench.run"], cwd=ROOT, env=environ)
    try:
        yield child.pid, port
    finally:
        child.terminate()
        child.wait(30)


def _wait_until_ready(port: int) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
                if json.load(answer)["ready"]:
                    return
        except OSError:
            pass
        time.sleep(0.02)
    raise TimeoutError("it did not become ready")


def _computed(pid: int) -> float:
    """The processor's seconds a process has had so far, its threads included."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _import_libraries() -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", LIBRARIES], check=True, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def resident(pid: int) -> float:
    """A process's memory in MiB, as Linux counts it."""
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    raise LookupError("this system does not tell a process's memory")
