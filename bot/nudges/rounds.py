"""The two rounds of the program: what the clock owes, and what is to be sent."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.context import Context
from bot.nudges.after_restore import must_wait
from bot.nudges.deliver import BATCH_SIZE, claim_next, send
from bot.nudges.due import handle_next_touchpoint
from bot.nudges.duties.absences import begin_or_end_one, offboard_next
from bot.nudges.duties.briefs import post_next_brief
from bot.nudges.duties.digests import send_due_digest
from bot.nudges.duties.growth import check_next_term
from bot.nudges.duties.handoffs import notify_next_lead
from bot.nudges.duties.homes import build_next_home
from bot.nudges.duties.pace import report_pace
from bot.nudges.duties.terms import begin_missing_terms
from bot.nudges.readback import claim_unknown, resolve_unknown
from db.outbox.states import RATE_LIMIT, RateLimit
from db.touchpoints import next_due

Job = Callable[[], None]

# A round ends after so many, so that stopping and the heartbeat never wait for a long queue.
MAX_JOBS_PER_ROUND = 500
# And the clock's after so long: SQLite lets one writer in at a time, and delivery is to have its
# turn. Slack takes five messages a second; in this time the clock says more than that in five.
MAX_SECONDS = 2.0
# What the clock owes; absences and leavers first, so that nothing is said where nobody reads it.
# With each the kind of the agenda that says when; those without know it by themselves.
DUTIES = (
    ("leaver", offboard_next),
    ("absence", begin_or_end_one),
    (None, begin_missing_terms),
    ("term", check_next_term),
    ("touchpoint", handle_next_touchpoint),
    ("handoff", notify_next_lead),
    (None, post_next_brief),
    (None, send_due_digest),
    (None, report_pace),
)


def _always() -> bool:
    return True


def clock_round(context: Context, now: datetime, goes_on: Callable[[], bool] = _always) -> int:
    """Does what is due, while it `goes_on` and for two seconds; returns how much there was."""
    done, end = 0, time.monotonic() + MAX_SECONDS
    if must_wait(context, now):
        return done
    while (
        done < MAX_JOBS_PER_ROUND
        and time.monotonic() < end
        and goes_on()
        and _run_one_duty(context, now)
    ):
        done += 1
    return done


def _run_one_duty(context: Context, now: datetime) -> bool:
    due = next_due.read_next_due(context.engine).due(now)
    return any(duty(context, now) for kind, duty in DUTIES if kind is None or kind in due)


def delivery_round(
    context: Context,
    now: datetime,
    goes_on: Callable[[], bool] = _always,
    pace: RateLimit = RATE_LIMIT,
    at_once: int = BATCH_SIZE,
) -> int:
    """Builds and sends everything that may go now, while it `goes_on`; returns how many jobs that
    were.

    `now` is when the round begins. The clock is read again for each job: a lease or a pace that
    counts from the begin of a long round would be over before its call.
    """
    done = 0
    while (
        done < MAX_JOBS_PER_ROUND and goes_on() and (job := next_job(context, now, pace, at_once))
    ):
        job()
        done += 1
        now = max(now, context.now())
    return done


def next_job(
    context: Context, now: datetime, pace: RateLimit = RATE_LIMIT, at_once: int = BATCH_SIZE
) -> Job | None:
    """What delivery has to do now: some messages to send, or one to look for; None if nothing.

    It is taken: others find something else. `at_once` is how many messages a job sends.
    """
    while build_next_home(context, now):  # Homes are paced: soon no other may be built
        pass
    if claims := claim_next(context.engine, context.slack, now, pace, at_once):
        return partial(send, context.engine, context.slack, claims, context.now)
    if doubt := claim_unknown(context.engine, context.slack, now):
        return partial(resolve_unknown, context.engine, context.slack, doubt, now)
    return None
