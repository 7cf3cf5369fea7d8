"""Moves a clock on instead of waiting: everything happens when it would have, only sooner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from bot.context import Context
from bot.nudges.after_restore import waits_until
from bot.nudges.duties.briefs import next_brief_at
from bot.nudges.duties.digests import next_digest_at
from bot.nudges.duties.pace import next_pace_at
from bot.nudges.rounds import clock_round, delivery_round
from bot.nudges.set_aside import read_work
from db.core import workspaces
from db.home import home
from db.outbox.upcoming import next_send
from db.touchpoints import next_due

# The least step between two rounds, so that moving on always ends.
MIN_STEP = timedelta(seconds=1)


def fast_forward(context: Context, until: datetime, set_now: Callable[[datetime], None]) -> None:
    """Goes from the context's now to `until`, stopping wherever there is something to do."""
    while True:
        now = context.now()
        _run_all_due(context, now)
        if now >= until:
            return
        set_now(min(until, max(_next_time(context, now), now + MIN_STEP)))


def _run_all_due(context: Context, now: datetime) -> None:
    """Until neither the clock nor delivery has anything to do at this moment: a round may end
    before it has done everything. Messages go one by one, so that they always come in one order."""
    while clock_round(context, now) or delivery_round(context, now, at_once=1):
        pass


def _next_time(context: Context, now: datetime) -> datetime:
    times = (
        next_due.read_next_due(context.engine).next(),
        next_send(context.engine),
        home.next_due(context.engine),
        *_scheduled_times(context, now),
    )
    ahead = [time for time in times if time is not None]
    if waits := waits_until(context):  # whatever is due already, nothing is said before
        ahead = [waits, *(time for time in ahead if time > now)]
    return min(ahead, default=datetime.max.replace(tzinfo=now.tzinfo))


def _scheduled_times(context: Context, now: datetime) -> Iterator[datetime | None]:
    """What follows from working hours and from earlier messages, and is in no row."""
    for workspace in workspaces.all_ids(context.engine):
        with read_work(context, workspace, now) as work:
            yield next_digest_at(work)
            yield next_brief_at(work, context.memory)
            yield next_pace_at(work, context.memory)
