"""Several calls at once, each with an end; what they bring comes in groups.

The time-out of a connection is for each wait: an answer that drips a byte a second never ends. So
who waits for the calls stops waiting. What a call brings after that is dropped, and until then its
thread is nobody else's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import Generic, TypeVar

from bot.slack.http_call import run_in_thread

T = TypeVar("T")


@dataclass(frozen=True)
class Call(Generic[T]):
    """A call, which may not raise; how many seconds it has; what stands for one that took more."""

    make: Callable[[], T]
    seconds: float
    too_late: Callable[[], T]


def concurrently(calls: Sequence[Call[T]], gather: float) -> Iterator[list[T]]:
    """Makes all calls at once, each in a thread.

    Yields a result for each, in groups: those that end within `gather` seconds of a group's first.
    """
    ended: dict[int, T] = {}
    one, all_of_them = Event(), Event()

    def make(number: int, call: Call[T]) -> None:
        ended[number] = call.make()
        one.set()
        if len(ended) == len(calls):
            all_of_them.set()

    began, left = time.monotonic(), dict(enumerate(calls))
    for number, call in left.items():
        run_in_thread(partial(make, number, call))
    while left:
        end = began + min(call.seconds for call in left.values())
        one.wait(max(0.0, end - time.monotonic()))
        all_of_them.wait(gather)
        one.clear()
        spent = time.monotonic() - began
        group = []
        for number, call in tuple(left.items()):
            if number in ended:
                group.append(ended[number])
            elif spent >= call.seconds:
                group.append(call.too_late())
            else:
                continue
            del left[number]
        if group:  # or one that was given up ended at last
            yield group
