"""Several calls at once; what they bring comes in groups."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from queue import Empty, SimpleQueue
from typing import TypeVar

from bot.slack.wire import in_a_thread

T = TypeVar("T")


def together(calls: Sequence[Callable[[], T]], gather: float) -> Iterator[list[T]]:
    """Makes all calls at once, each in a thread; none may raise.

    Yields their results in groups: those that end within `gather` seconds of the group's first.
    """
    if len(calls) == 1:
        yield [calls[0]()]
        return
    ended: SimpleQueue[T] = SimpleQueue()
    for call in calls:
        in_a_thread(partial(_put, ended, call))
    left = len(calls)
    while left:
        group = _group(ended, left, gather)
        left -= len(group)
        yield group


def _put(ended: SimpleQueue[T], call: Callable[[], T]) -> None:
    ended.put(call())


def _group(ended: SimpleQueue[T], most: int, gather: float) -> list[T]:
    group = [ended.get()]
    end = time.monotonic() + gather
    while len(group) < most:
        try:
            group.append(ended.get(timeout=max(0.0, end - time.monotonic())))
        except Empty:
            break
    return group
