"""How many statements each thing that people wait for takes, in a process that has just begun."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.story import Story

_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")


@contextmanager
def counted(engine: Engine) -> Iterator[list[list[str]]]:
    """The statements of each transaction that begins meanwhile."""
    found: list[list[str]] = []

    def begun(_connection: Any) -> None:
        found.append([])

    def heard(*told: Any) -> None:
        if not told[2].startswith(_FRAME):
            found[-1].append(told[2])

    event.listen(engine, "begin", begun, insert=True)
    event.listen(engine, "before_cursor_execute", heard)
    try:
        yield found
    finally:
        event.remove(engine, "begin", begun)
        event.remove(engine, "before_cursor_execute", heard)


def _most(found: list[list[str]], table: str) -> int:
    """The statements of the longest transaction that wrote a row of that table."""
    return max(len(each) for each in found if any(f"INTO {table} " in one for one in each))


def test_a_move(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding manager me")
    with counted(story.engine) as found:
        story.types("priya", "/stage acme renewal")
    assert _most(found, "stage_change") <= 26
    story.sees("#customers", "Acme", "Renewal")
    story.sees("#marketing", "Acme")


def test_a_click(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding manager @tom")
    story.until("2026-11-24T12:00")
    message = story.sees("#operations", "Acme")
    with counted(story.engine) as found:
        story.clicks("diego", message, "Done")
    assert _most(found, "audit") <= 17


def test_a_nudge(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding manager @tom")
    with counted(story.engine) as found:
        story.until("2026-11-24T12:00")
    assert _most(found, "outbox") <= 20
    story.sees("#operations", "Acme")


def test_a_home(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding manager me")
    with counted(story.engine) as found:
        story.slack.open_home("priya")
        story.settle()
    assert _most(found, "outbox") <= 17


def test_nothing_to_do(story: Story) -> None:
    story.settle()
    with counted(story.engine) as found:
        story.settle()  # two looks of the clock and of delivery, and when to look next
    assert sum(map(len, found)) <= 5


def test_the_log_has_every_statement_of_a_request(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    story.types("priya", "/account add Acme stage onboarding manager me")
    said: list[tuple[int, str]] = []

    def traced(connection: sqlite3.Connection, *_: Any) -> None:
        connection.set_trace_callback(lambda words: said.append((get_ident(), words)))

    def untraced(connection: sqlite3.Connection, *_: Any) -> None:
        connection.set_trace_callback(None)

    event.listen(story.engine, "checkout", traced)
    event.listen(story.engine, "checkin", untraced)
    with caplog.at_level(logging.INFO, logger="sqlalchemy.engine"):
        story.types("priya", "/stage acme renewal")
    event.remove(story.engine, "checkout", traced)
    event.remove(story.engine, "checkin", untraced)
    logged = [(each.thread, each.getMessage()) for each in caplog.records]
    (door,) = {thread for thread, words in said if "INTO stage_change" in words}
    heard, known = (
        [_verb(words) for thread, words in each if thread == door] for each in (said, logged)
    )
    assert list(filter(None, heard)) == list(filter(None, known))
    assert known.count("INSERT") > 3
    story.sees("#customers", "Acme", "Renewal")
    story.sees("#marketing", "Acme")


def _verb(words: str) -> str | None:
    verb = words.split()[0]
    return verb if verb in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH") else None
