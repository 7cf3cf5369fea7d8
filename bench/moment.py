"""The time that is measured in: from one moment on, whatever the machine's date and hour.

It goes on as the machine's clock does, and is the same in every process of one bench.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta

# A Tuesday in office hours, far from the renewals that `bench.data` gives: nothing is due.
BEGIN = datetime(2026, 6, 16, 10, 0, tzinfo=UTC)


def _machine() -> float:
    """Seconds on a clock that all processes of this machine share and nobody sets."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)


# What that clock said at BEGIN. The first process notes it, those that it starts inherit it.
_ORIGIN = float(os.environ.setdefault("BENCH_ORIGIN", str(_machine())))


def now() -> datetime:
    """The moment, in UTC."""
    return BEGIN + timedelta(seconds=_machine() - _ORIGIN)
