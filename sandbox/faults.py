"""Trouble on command: which of the coming Web API calls goes wrong, and how.

429           refused, with Retry-After: `retry_after`
500_before    answered 500, nothing done         500_after    done, then answered 500
drop_before   connection cut, nothing done       drop_after   done, then the connection cut
slow_commit   the message shows `seconds` later by the workspace's clock; the call is answered
              as `answer` says: "500", "drop" or "ok"
slow_answer   done at once, answered after `seconds` of real time
drip          done at once, answered a byte at a time over `seconds` of real time
error:WORD    refused with this error of Slack's
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

KINDS = (
    "429",
    "500_before",
    "500_after",
    "drop_before",
    "drop_after",
    "slow_commit",
    "slow_answer",
    "drip",
)
ANSWERS = ("500", "drop", "ok")


@dataclass
class Fault:
    """One order. `channel` None matches any; `seconds` and `answer` are for the slow kinds."""

    method: str
    kind: str
    retry_after: int = 30
    times: int = 1
    channel: str | None = None
    seconds: float = 30
    answer: str = "500"

    def __post_init__(self) -> None:
        if self.kind not in KINDS and not self.kind.startswith("error:"):
            known = ", ".join(KINDS)
            raise ValueError(f"no fault is called {self.kind}; there are {known}, error:…")
        if self.answer not in ANSWERS:
            raise ValueError(f"answer is one of {', '.join(ANSWERS)}")

    def matches(self, method: str, channel: str | None) -> bool:
        """True when it is about this call and not used up."""
        fits = self.method in ("*", method) and self.channel in (None, channel)
        return fits and self.times > 0


class Faults:
    """The orders that stand, first come first served."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Order one."""
        with self._lock:
            self._orders.append(fault)

    def take(self, method: str, channel: str | None) -> Fault | None:
        """The fault for this call, used once."""
        with self._lock:
            for fault in self._orders:
                if fault.matches(method, channel):
                    fault.times -= 1
                    return fault
        return None
