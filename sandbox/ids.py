"""Names that look like Slack's and come in a fixed order, so that a test's run repeats."""

from __future__ import annotations

import itertools
import threading


class Ids:
    """Counts up for each prefix: V00000001, V00000002, Ev00000001 ..."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counters: dict[str, itertools.count[int]] = {}

    def number(self, kind: str) -> int:
        """The next number of a kind, from 1."""
        with self._lock:
            return next(self._counters.setdefault(kind, itertools.count(1)))

    def next(self, prefix: str) -> str:
        """The next id with this prefix."""
        return f"{prefix}{self.number(prefix):08d}"
