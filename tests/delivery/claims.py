"""Rows as their claim left them, for the tests of how they end."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from db.core.tx import Tx, begin
from db.models import Lane
from db.outbox import Claim
from db.outbox.states import RateLimit
from tests.delivery.helpers import START, TEAM, Post

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ENDED = START + 7 * SECOND
SLOW = RateLimit(channel=3 * SECOND, burst=7)


def claimed(post: Post, state: str = "sending", **more: Any) -> Claim:
    """A row as its claim left it, its lane leased to it, and the claim."""
    method, lane = more.pop("method", "chat.postMessage"), more.pop("lane", "C1")
    attempt, probing = more.get("attempt", 0), more.pop("probing", False)
    held = {"token": "mine", "started_at": START, "last_error": "before"}
    row_id = post.put(state, method=method, lane=lane, **held | more)
    leased(post, lane)
    said = json.dumps({"text": "hi", "response_url": "http://x", "body": {}})
    facts = {"id": row_id, "workspace_id": TEAM, "dedupe_key": "k", "method": method, "lane": lane}
    return Claim(
        row_id,
        TEAM,
        lane,
        method,
        SimpleNamespace(**facts, payload=said, marks=None),
        "mine",
        attempt,
        START,
        START + MINUTE,
        probing,
        False,
        SLOW,
        SimpleNamespace(channel="C1", slack_ts="1.1") if method != "chat.postMessage" else None,
    )


def leased(post: Post, lane: str, team: str = TEAM, **more: Any) -> None:
    values: dict[str, Any] = {"next_ok_at": START, "lease_until": START + MINUTE, "token": "mine"}
    with begin(post.engine, team) as tx:
        tx.add(Lane(lane=lane, **values | more))


def lane(post: Post, name: str = "C1") -> tuple[Any, ...]:
    """(waits until, leased until, token) of a lane."""
    found = post.lane(name)
    return found.next_ok_at, found.lease_until, found.token


def row(post: Post, row_id: int, *names: str) -> tuple[Any, ...]:
    found = post.row(row_id)
    return tuple(getattr(found, name) for name in ("state", *names))


FREE_AT_ITS_PACE = (ENDED + 3 * SECOND, None, None)


def write(post: Post, end: Callable[[Tx], Any]) -> Any:
    with begin(post.engine, TEAM) as tx:
        return end(tx)


def told(post: Post) -> list[tuple[str, str, str, Any, str]]:
    return [
        (row.dedupe_key, row.kind, row.lane, row.due_at, row.payload["text"])
        for row in post.rows()
        if row.kind == "admin"
    ]
