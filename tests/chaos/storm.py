"""Slack's bad weather: each call of a method may go wrong, by chance, from a seed."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from random import Random

from sandbox.faults import Fault, Faults

POST = "chat.postMessage"

# (share of all posts, kind, seconds of the scenario: least and most, how the slow are answered)
Weather = Sequence[tuple[float, str, float, float, str]]

# 14 of 100 posts go wrong, in every way known.
STORM: Weather = (
    (0.02, "429", 0, 5, ""),
    (0.03, "500_before", 0, 0, ""),
    (0.03, "500_after", 0, 0, ""),
    (0.02, "drop_before", 0, 0, ""),
    (0.02, "drop_after", 0, 0, ""),
    (0.008, "slow_commit", 0, 90, "500"),
    (0.007, "slow_commit", 0, 90, "drop"),
    (0.005, "drip", 0, 30, ""),
)


class Storm(Faults):
    """The sandbox's orders of faults, drawn instead of given; ends when `calm` is set.

    `speed` is the clock's: what the sandbox counts in real seconds (drip) is made shorter by it.
    """

    def __init__(self, weather: Weather, seed: int, speed: float = 1.0, method: str = POST) -> None:
        super().__init__()
        self.weather, self.speed, self.method = weather, speed, method
        self.calm = False
        self.calls = 0
        self.struck: Counter[str] = Counter()
        self._chance = Random(seed)
        self._lock_chance = threading.Lock()

    def take(self, method: str, channel: str | None) -> Fault | None:
        ordered = super().take(method, channel)
        self.calls += method == self.method
        if ordered or self.calm or method != self.method:
            return ordered
        with self._lock_chance:
            return self._draw(method)

    def _draw(self, method: str) -> Fault | None:
        drawn = self._chance.random()
        for share, kind, least, most, answer in self.weather:
            drawn -= share
            if drawn < 0:
                self.struck[kind] += 1
                seconds = self._chance.uniform(least, most)
                return self._fault(method, kind, seconds, answer)
        return None

    def _fault(self, method: str, kind: str, seconds: float, answer: str) -> Fault:
        if kind == "drip":
            seconds = (20 + seconds) / self.speed
        return Fault(method, kind, 1 + int(seconds), 1, None, seconds, answer or "500")
