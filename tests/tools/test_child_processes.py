"""Processes that a test starts are gone soon after it, even if it was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.chaos.workers import fork
from tests.databases import Server
from tests.waiting import wait_for
from tools.child_processes import child_command

ROOT = Path(__file__).resolve().parents[2]
STARTER = "from tests.tools.test_child_processes import start; start()"


def start() -> None:
    """A process of each kind that tests start; says their ids, and waits to be killed."""
    program = subprocess.Popen(child_command("tests.tools.test_child_processes"), cwd=ROOT)
    workers = [fork(time.sleep, 60), fork(time.sleep, 60)]
    with Server() as server:
        print(program.pid, *(worker.pid for worker in workers), server.pid, flush=True)  # noqa: T201
        time.sleep(60)


@pytest.mark.timeout(400)
def test_what_a_killed_test_had_started_ends_by_itself() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTER], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        started = [int(word) for word in starter.stdout.readline().split()]
        assert len(started) == 4
        assert all(map(_lives, started))
        if sys.platform == "linux":
            os.kill(started[2], signal.SIGSTOP)  # no watcher of its own runs in it
        starter.kill()
    wait_for(lambda: not any(map(_lives, started)), seconds=60)


def _lives(pid: int) -> bool:
    """Whether a process is there and is no zombie."""
    asked = ["ps", "-o", "stat=", "-p", str(pid)]
    state = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    return state not in ("", "Z")


if __name__ == "__main__":
    time.sleep(60)
