"""Processes that end with the process that started them, however that one ends.

Only what tests and the bench start ends so. The product's own processes outlive their terminal.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import runpy
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

POLL_SECONDS = 0.5
ROOT = Path(__file__).resolve().parent.parent
_PR_SET_PDEATHSIG = 1  # prctl(2)


def child_command(module: str, *arguments: str) -> list[str]:
    """The command for `python -m module …` that ends when this process does and has its clock."""
    from tools import clock_shift  # what it loads, the module need not wait for

    words = clock_shift.module_words(module, *arguments)
    return [sys.executable, "-m", "tools.child_processes", str(os.getpid()), *words]


def end_with_starter() -> None:
    """Makes a process of multiprocessing end with the one that asked for it."""
    end_with_parent()
    starter = multiprocessing.parent_process()
    assert starter is not None
    _kill_self_after(starter.join)


def end_with_parent() -> None:
    """On Linux the kernel kills this process when the thread that made it ends.

    It reaches a stopped process too, which a watcher inside it cannot.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def guard_postgresql(data: Path) -> subprocess.Popen[bytes]:
    """Starts a process that stops the PostgreSQL of a folder, and removes it, after this one ends.

    PostgreSQL goes into the background by itself, so nothing else would. The process ends when
    its `stdin` is closed.
    """
    command = [sys.executable, "-m", "tools.child_processes", "guard", str(data)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT, start_new_session=True)


def main(words: list[str]) -> None:
    """`guard FOLDER`, or `PID MODULE …`: runs the module until the process PID ends."""
    if words[0] == "guard":
        sys.stdin.read()
        _stop_postgresql(Path(words[1]))
        return
    starter, module, *arguments = words
    end_with_parent()
    _kill_self_after(lambda: _wait_for_adoption(int(starter)))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _wait_for_adoption(starter: int) -> None:
    while os.getppid() == starter:
        time.sleep(POLL_SECONDS)


def _kill_self_after(wait: Callable[[], None]) -> None:
    def watch() -> None:
        wait()
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="watch-starter", daemon=True).start()


def _stop_postgresql(data: Path) -> None:
    noted = data / "postmaster.pid"
    with suppress(OSError, ValueError, IndexError):
        os.kill(int(noted.read_text().split()[0]), signal.SIGQUIT)  # immediate shutdown
        end = time.monotonic() + 10
        while noted.exists() and time.monotonic() < end:
            time.sleep(POLL_SECONDS)
    shutil.rmtree(data.parent, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
