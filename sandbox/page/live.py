"""Live updates: a stream that says *that* something changed; the page then asks for what."""

from __future__ import annotations

import asyncio
import json
import queue
from collections.abc import AsyncIterator, Awaitable, Callable

from sandbox.model import Change
from sandbox.page.clock import Clock, Json
from sandbox.sandbox import Sandbox

GLANCE = 0.1
"""Seconds between two looks at the queue."""
REST = 4
"""Glances without news between two notices, so that a busy hour does not redraw without end."""

Gone = Callable[[], Awaitable[bool]]


async def events(sandbox: Sandbox, clock: Clock, viewer: str, gone: Gone) -> AsyncIterator[str]:
    """Server-sent events for one open page, until it is closed or the sandbox is."""
    changes = sandbox.subscribe()
    last_clock, waiting, since = "", True, REST
    try:
        yield "retry: 1000\n\n"
        while not await gone():
            news, closed = drained(changes, viewer)
            if closed:
                return
            waiting, since = waiting or news, since + 1
            if waiting and since > REST:
                yield event("changed", {})
                waiting, since = False, 0
            state = clock.state()
            if (mark := clock_mark(state)) != last_clock:
                yield event("clock", state)
                last_clock = mark
            await asyncio.sleep(GLANCE)
    finally:
        sandbox.unsubscribe(changes)


def drained(changes: queue.Queue[Change], viewer: str) -> tuple[bool, bool]:
    """Empty the queue: was there anything for this viewer, and is the sandbox closed?"""
    news = False
    while True:
        try:
            change = changes.get_nowait()
        except queue.Empty:
            return news, False
        if change.kind == "closed":
            return news, True
        news = news or change.viewer in ("", viewer)


def clock_mark(state: Json) -> str:
    """What must change before the page hears of the clock again: the minute, or how it runs."""
    return json.dumps([state["now"] // 60, state["busy"], state["progress"], state["error"]])


def event(name: str, data: Json) -> str:
    """One server-sent event."""
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
