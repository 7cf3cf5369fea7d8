"""Events have one effect, however often Slack sends them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot import metrics
from bot.actions.actor import CLOCK, Actor
from bot.actions.work import Work
from bot.context import Context
from db.core import workspaces
from db.ops import inbox


@contextmanager
def effect_once(context: Context, body: dict[str, Any], by: Actor = CLOCK) -> Iterator[Work | None]:
    """The event's transaction, or None when the event was here before. The inbox row commits with
    the effect: an error leaves neither, and Slack's retry does it all."""
    with context.begin(context.now(), by, body["team_id"]) as work:
        if not inbox.first_time(work.tx, body["event_id"], work.now):
            yield None
            return
        workspaces.record_event(work.tx, work.now)
        yield work
    metrics.events.labels(str(body.get("event", {}).get("type", "other"))).inc()
