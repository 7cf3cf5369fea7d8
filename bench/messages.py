"""Messages in the outbox, by bulk inserts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import psycopg

from bench.data import WORKSPACE, Moment, Row, as_text, copy_into, fill

TEXT = "*Kick-off call* with Acme is due. Agree with them what a good first month looks like."
PAYLOAD: dict[str, Any] = {
    "text": TEXT,
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": TEXT}}],
}


def put_in(url: str, messages: int, channels: int, due: datetime) -> None:
    """So many posts that are due, taking turns among channels."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("BEGIN")
        fill(connection, "lane", lanes(channels, due, as_text))
        fill(connection, "outbox", posts(messages, channels, due, as_text))
        connection.execute("COMMIT")
        connection.close()
        return
    with psycopg.connect(url) as server, server.cursor() as cursor:
        copy_into(cursor, "lane", lanes(channels, due, lambda moment: moment))
        copy_into(cursor, "outbox", posts(messages, channels, due, lambda moment: moment))
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("ANALYZE")


def lanes(channels: int, since: datetime, at: Moment) -> Iterable[Row]:
    began = at(since)
    for number in range(channels):
        yield {"workspace_id": WORKSPACE, "lane": lane(number), "next_ok_at": began}


def posts(
    messages: int,
    channels: int,
    due: datetime,
    at: Moment,
    state: str = "pending",
    first: int = 0,
) -> Iterator[Row]:
    began, payload = at(due), json.dumps(PAYLOAD)
    for number in range(first, first + messages):
        yield {
            "workspace_id": WORKSPACE,
            "dedupe_key": f"bench:{number}",
            "kind": "nudge",
            "method": "chat.postMessage",
            "lane": lane(number % channels),
            "payload": payload,
            "marks": "null",
            "state": state,
            "due_at": began,
            "attempt": 0,
            "rounds": 0,
            "absent_once": False,
            "created_at": began,
        }


def lane(number: int) -> str:
    return f"C0B{number:06}"
