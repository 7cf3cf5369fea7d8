"""Tests at another moment: `pytest --now 2028-02-29T23:55`, in UTC where it names no zone.

The clock is moved there and goes on from there. A test that stops it still stops it. A process that
a test starts has its clock moved by as much: `python -m tools.clock_shift SECONDS MODULE …`.
"""

from __future__ import annotations

import runpy
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import freezegun
from freezegun import api

from sandbox import FREEZE_IGNORE

# A frozen pool time-out hangs for ever, and a frozen event loop never wakes (both measured).
_OWN_TIME = ("sqlalchemy", "psycopg", "psycopg_pool", "_pytest.timing", *FREEZE_IGNORE)
# freezegun looks through every module whenever it stops the clock; these hardly look at one.
_NO_TIME = ("alembic", "holidays", "mako", "pygments", "rapidfuzz", "yaml")
freezegun.configure(extend_ignore_list=[*_OWN_TIME, *_NO_TIME])

_moved: list[tuple[float, Any]] = []


def seconds_to(moment: str) -> float:
    """How many seconds ahead of the machine's clock a moment is; one of the past is behind it."""
    begin = datetime.fromisoformat(moment)
    return (begin if begin.tzinfo else begin.replace(tzinfo=UTC)).timestamp() - api.real_time()


def move(seconds: float) -> None:
    """Moves this process's clock so many seconds ahead; 0 leaves it alone."""
    if seconds:
        begin = datetime.fromtimestamp(api.real_time(), UTC) + timedelta(seconds=seconds)
        frozen = freezegun.freeze_time(begin, tick=True)
        frozen.start()
        _moved.append((seconds, frozen))


def move_back() -> None:
    """Gives this process the machine's clock again."""
    while _moved:
        _moved.pop()[1].stop()


def shift() -> float:
    """How many seconds this process's clock was moved ahead."""
    return _moved[-1][0] if _moved else 0.0


def module_words(module: str, *arguments: str) -> list[str]:
    """What stands after `python -m`, so that the module has this process's clock."""
    shifted = ["tools.clock_shift", str(shift())] if shift() else []
    return [*shifted, module, *arguments]


def main(words: list[str]) -> None:
    """`SECONDS MODULE …`: the module, with its clock moved."""
    seconds, module, *arguments = words
    move(float(seconds))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
