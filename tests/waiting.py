"""Waiting for what comes true by itself: soon on an idle machine, later on a busy one."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from sandbox import stopwatch

T = TypeVar("T")

PATIENCE = 200.0


def wait_for(condition: Callable[[], T], seconds: float = PATIENCE) -> T:
    """What the condition says, as soon as that is something; it is asked again and again.

    Raises AssertionError after so many real seconds, also where the test has stopped the clock.
    """
    end = stopwatch.seconds() + seconds
    while not (found := condition()):
        assert stopwatch.seconds() < end, f"it did not come true in {seconds:g} seconds"
        time.sleep(0.02)
    return found
