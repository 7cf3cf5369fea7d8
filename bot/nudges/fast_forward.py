"""Moves a clock on instead of waiting: everything happens when it would have, only sooner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.context import Context
from bot.nudges.briefs import next_brief_at
from bot.nudges.digests import next_digest_at
from bot.nudges.pace import next_pace_at
from bot.nudges.rounds import clock_round, delivery_round
from db import away, cycles, handoffs, homes, touchpoints
from db.outbox.upcoming import next_send

# The clock never stands still between two rounds, so that moving on always ends.
SMALLEST_STEP = timedelta(seconds=1)


def fast_forward(context: Context, until: datetime, set_now: Callable[[datetime], None]) -> None:
    """Goes from the context's now to `until`, stopping wherever there is something to do."""
    while True:
        now = context.now()
        _do_all(context, now)
        if now >= until:
            return
        set_now(min(until, max(_next_time(context, now), now + SMALLEST_STEP)))


def _do_all(context: Context, now: datetime) -> None:
    """Until neither the clock nor delivery has anything to do at this moment: a round may end
    before it has done everything."""
    while clock_round(context, now) or delivery_round(context, now):
        pass


def _next_time(context: Context, now: datetime) -> datetime:
    times = (
        touchpoints.next_wake(context.engine),
        handoffs.next_wake(context.engine),
        away.next_end(context.engine),
        cycles.next_check(context.engine),
        next_send(context.engine),
        homes.next_due(context.engine),
        next_digest_at(context, now),
        next_brief_at(context, now),
        next_pace_at(context, now),
    )
    ahead = [time for time in times if time is not None]
    return min(ahead, default=datetime.max.replace(tzinfo=now.tzinfo))
