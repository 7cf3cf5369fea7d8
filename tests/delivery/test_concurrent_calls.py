"""Calls at once, each with an end of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from threading import Barrier, Event, current_thread

import pytest

from bot.nudges.concurrent_calls import Call, concurrently


@pytest.fixture
def over() -> Iterator[Event]:
    """Lets the calls that hang go at last."""
    over = Event()
    yield over
    over.set()


def call(make: Callable[[], str], seconds: float = 30) -> Call[str]:
    return Call(make, seconds, lambda: "too late")


def test_all_begin_at_once_and_come_together() -> None:
    here = Barrier(8)

    def make(name: str) -> str:
        here.wait(30)
        return name

    (group,) = concurrently([call(partial(make, name)) for name in "abcdefgh"], gather=30)
    assert group == list("abcdefgh")


def test_one_that_hangs_ends_at_its_deadline_once_and_keeps_no_other(over: Event) -> None:
    def hangs() -> str:
        over.wait(30)
        return "at last"

    groups = concurrently(
        [call(hangs, seconds=0.3), call(lambda: "b"), call(lambda: "c")], gather=0.1
    )
    assert next(groups) == ["b", "c"]
    assert next(groups) == ["too late"]
    over.set()
    assert list(groups) == []


def test_each_has_its_own_end(over: Event) -> None:
    def hangs() -> str:
        over.wait(30)
        return "in time"

    groups = concurrently([call(hangs, seconds=0.1), call(hangs, seconds=30)], gather=0.0)
    assert next(groups) == ["too late"]
    over.set()
    assert next(groups) == ["in time"]


def test_a_thread_whose_call_hangs_makes_no_other(over: Event) -> None:
    hung: list[str] = []

    def hangs() -> str:
        hung.append(current_thread().name + str(current_thread().ident))
        over.wait(30)
        return ""

    def who() -> str:
        return current_thread().name + str(current_thread().ident)

    assert list(concurrently([call(hangs, seconds=0.05)], gather=0.0))[-1] == ["too late"]
    used = [name for group in concurrently([call(who)] * 8, gather=30) for name in group]
    assert not set(used) & set(hung)
