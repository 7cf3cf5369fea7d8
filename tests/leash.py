"""What tests start ends with the process that started it, however that one ends.

Only the tests' programs are on a leash. The product has none: it outlives its terminal.
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

LOOK_SECONDS = 0.5
_PR_SET_PDEATHSIG = 1  # prctl(2)


def leashed(module: str, *arguments: str) -> list[str]:
    """The command for `python -m module …` on a leash of this process, and with its clock."""
    from tests import clock_shift  # what it loads, the module need not wait for

    words = clock_shift.module_words(module, *arguments)
    return [sys.executable, "-m", "tests.leash", str(os.getpid()), *words]


def hold_fork() -> None:
    """Puts a process of multiprocessing on the leash of the one that asked for it."""
    die_with_parent()
    starter = multiprocessing.parent_process()
    assert starter is not None
    _die_after(starter.join)


def die_with_parent() -> None:
    """On Linux the kernel kills this process when the thread that made it ends.

    It reaches a stopped process too, which a watcher inside it cannot.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def guard(data: Path) -> subprocess.Popen[bytes]:
    """A process that stops the PostgreSQL of a folder, and removes it, when this one is gone.

    PostgreSQL goes into the background by itself, so nothing else would. It ends when its `stdin`
    is closed.
    """
    command = [sys.executable, "-m", "tests.leash", "guard", str(data)]
    root = Path(__file__).resolve().parent.parent
    return subprocess.Popen(command, stdin=subprocess.PIPE, cwd=root, start_new_session=True)


def main(words: list[str]) -> None:
    """`guard FOLDER`, or `PID MODULE …`: the module, on the leash of the process PID."""
    if words[0] == "guard":
        sys.stdin.read()
        _stop_postgresql(Path(words[1]))
        return
    starter, module, *arguments = words
    die_with_parent()
    _die_after(lambda: _wait_for_adoption(int(starter)))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _wait_for_adoption(starter: int) -> None:
    while os.getppid() == starter:
        time.sleep(LOOK_SECONDS)


def _die_after(wait: Callable[[], None]) -> None:
    def watch() -> None:
        wait()
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="leash", daemon=True).start()


def _stop_postgresql(data: Path) -> None:
    noted = data / "postmaster.pid"
    with suppress(OSError, ValueError, IndexError):
        os.kill(int(noted.read_text().split()[0]), signal.SIGQUIT)  # at once: nobody needs it
        end = time.monotonic() + 10
        while noted.exists() and time.monotonic() < end:
            time.sleep(LOOK_SECONDS)
    shutil.rmtree(data.parent, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
