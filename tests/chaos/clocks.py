"""The time of a scenario, the same in every process: faster than the machine's, or by steps."""

from __future__ import annotations

import mmap
import os
import struct
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

# A Tuesday: the week in which a workspace begins has no digest.
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def machine() -> float:
    """Seconds on a clock that all processes of this machine share and nobody sets."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)


class Clock(Protocol):
    """What a scenario needs of its time."""

    @property
    def speed(self) -> float: ...
    def __call__(self) -> datetime: ...
    def rest(self, seconds: float) -> None: ...


@dataclass(frozen=True)
class Fast:
    """Runs `speed` times as fast as the machine's clock, from START at `origin`."""

    speed: float = 20.0
    origin: float = field(default_factory=machine)

    def __call__(self) -> datetime:
        return START + timedelta(seconds=(machine() - self.origin) * self.speed)

    def rest(self, seconds: float) -> None:
        """Lets so many of the scenario's seconds pass."""
        time.sleep(seconds / self.speed)


def bearable(speed: float) -> float:
    """A speed that this machine can follow now.

    A lease of a minute is a second at sixty times the speed. Where ten processes wait for each
    core, no call would end within it: nothing would be tried but that.
    """
    waiting = os.getloadavg()[0] / (os.cpu_count() or 1)
    return max(1.0, speed / max(1.0, waiting))


class Stepped:
    """Stands still until someone steps it on; what it says lives in a file all processes map."""

    speed = 1.0

    def __init__(self, file: Path) -> None:
        self.file = file
        if not file.exists():
            file.write_bytes(struct.pack("d", 0.0))
        with file.open("r+b") as opened:
            self._map = mmap.mmap(opened.fileno(), 8)

    def __reduce__(self) -> tuple[type[Stepped], tuple[Path]]:
        return Stepped, (self.file,)

    def __call__(self) -> datetime:
        gone: float = struct.unpack("d", self._map[:8])[0]
        return START + timedelta(seconds=gone)

    def rest(self, seconds: float) -> None:
        """Steps on; only one process may."""
        gone: float = struct.unpack("d", self._map[:8])[0]
        self._map[:8] = struct.pack("d", gone + seconds)

    def move_to(self, moment: datetime) -> None:
        """Goes to a moment at once."""
        self._map[:8] = struct.pack("d", (moment - START).total_seconds())
