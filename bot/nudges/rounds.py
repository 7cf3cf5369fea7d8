"""The two rounds of the program: what is due by the clock, and what is to be sent."""

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.context import Context
from bot.nudges.after_restore import must_wait
from bot.nudges.deliver import BATCH_SIZE, claim_next, send
from bot.nudges.due import (
    begin_or_end_one,
    build_next_home,
    handle_next_touchpoint,
    notify_next_lead,
    offboard_next,
)
from bot.nudges.duties.briefs import post_next_brief
from bot.nudges.duties.digests import send_due_digest
from bot.nudges.duties.entering import enter_stages
from bot.nudges.duties.mornings import hold_next_morning
from bot.nudges.duties.reasons import tell_reasons
from bot.nudges.duties.terms import begin_missing_terms
from bot.nudges.readback import claim_unknown, resolve_unknown
from db.ops import next_due
from db.outbox.states import RATE_LIMIT, RateLimit

Job = Callable[[], None]

# A round ends after so many, so that stopping and the heartbeat never wait for a long queue.
MAX_JOBS_PER_ROUND = 500
# And the clock's round after so many seconds: SQLite lets one writer in at a time, and delivery
# needs its turn. Slack takes five messages a second; the clock writes more in this time.
MAX_SECONDS = 2.0
# Absences and leavers come first, so that nothing is sent where nobody reads it. Each duty has the
# kind of `next_due` that says when it is due; those without one know it by themselves.
DUTIES = (
    ("leaver", offboard_next),
    ("absence", begin_or_end_one),
    (None, begin_missing_terms),
    (None, enter_stages),
    (None, tell_reasons),
    ("touchpoint", handle_next_touchpoint),
    ("handoff", notify_next_lead),
    (None, post_next_brief),
    (None, send_due_digest),
    (None, hold_next_morning),
)


def clock_round(context: Context, now: datetime, goes_on: Callable[[], bool] = lambda: True) -> int:
    """Does what is due, while `goes_on` and for two seconds; returns how many things that were."""
    end = time.monotonic() + MAX_SECONDS
    for done in range(MAX_JOBS_PER_ROUND):
        if time.monotonic() >= end or not goes_on() or not _run_one_duty(context, now):
            return done
    return MAX_JOBS_PER_ROUND


def _run_one_duty(context: Context, now: datetime) -> bool:
    due = next_due.list_due(context.engine, now)
    if "restored" in due and must_wait(context, now):
        return False
    return any(duty(context, now) for kind, duty in DUTIES if kind is None or kind in due)


def next_job(
    context: Context, now: datetime, pace: RateLimit = RATE_LIMIT, at_once: int = BATCH_SIZE
) -> Job | None:
    """What delivery has to do now: some messages to send, or one to look for; None if nothing. It
    is claimed: other processes get other jobs. `at_once` is how many messages a job sends."""
    engine, slack = context.engine, context.slack
    due = next_due.list_due(engine, now)
    # Ends soon: there is a limit to Homes a minute.
    while due & next_due.HOME and build_next_home(context, now):
        due |= next_due.MESSAGE
    if due & next_due.MESSAGE and (claims := claim_next(engine, slack, now, pace, at_once)):
        return partial(send, engine, slack, claims, context.now)
    if due & next_due.IN_DOUBT and (unknown := claim_unknown(engine, slack, now)):
        return partial(resolve_unknown, engine, slack, unknown, now)
    return None
