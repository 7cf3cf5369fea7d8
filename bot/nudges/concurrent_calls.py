"""Makes several calls at once, each with a deadline; the results come in groups. A connection's
time-out is for each wait, and an answer of a byte a second never ends. So the caller stops waiting
at the deadline; the thread goes on, and what it brings later is dropped."""

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
    """A call, which must not raise; its deadline in seconds; the result if it took longer."""

    make: Callable[[], T]
    seconds: float
    too_late: Callable[[], T]


def concurrently(calls: Sequence[Call[T]], gather: float) -> Iterator[list[T]]:
    """Makes all calls at once, each in a thread. Yields a result for each, in groups: those that
    end within `gather` seconds of a group's first."""
    ended: dict[int, T] = {}
    some_ended, all_ended = Event(), Event()

    def make(number: int, call: Call[T]) -> None:
        ended[number] = call.make()
        some_ended.set()
        if len(ended) == len(calls):
            all_ended.set()

    began, left = time.monotonic(), dict(enumerate(calls))
    for number, call in left.items():
        run_in_thread(partial(make, number, call))
    while left:
        end = began + min(call.seconds for call in left.values())
        some_ended.wait(max(0.0, end - time.monotonic()))
        all_ended.wait(gather)
        some_ended.clear()
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
        if group:  # empty when a call ended after its deadline
            yield group
