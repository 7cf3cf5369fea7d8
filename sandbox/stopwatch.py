"""Real elapsed time, also while a test has frozen the clock (see `freeze`)."""

from __future__ import annotations

import time


def seconds() -> float:
    """Seconds on a clock that only goes forward."""
    return time.monotonic()
