"""Events have one effect, however often Slack sends them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from bot import metrics
from bot.context import Context
from db.core import workspaces
from db.core.tx import Tx, begin
from db.ops import inbox


@contextmanager
def effect_once(context: Context, body: dict[str, Any], now: datetime) -> Iterator[Tx | None]:
    """The event's transaction, or None when the event was here before.

    The inbox row commits with the effect: an error leaves neither, and Slack's retry does it all.
    """
    with begin(context.engine, body["team_id"]) as tx:
        if not inbox.first_time(tx, body["event_id"], now):
            yield None
            return
        workspaces.record_event(tx, now)
        yield tx
    metrics.events.labels(str(body.get("event", {}).get("type", "other"))).inc()
