"""The two rounds of the program: what the clock owes, and what is to be sent."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.context import Context
from bot.nudges.after_restore import must_wait
from bot.nudges.deliver import AT_ONCE, send, take
from bot.nudges.due import open_one
from bot.nudges.duties.absences import begin_or_end_one, look_after_one
from bot.nudges.duties.briefs import say_one
from bot.nudges.duties.digests import send_due_digest
from bot.nudges.duties.growth import look_at_one
from bot.nudges.duties.handoffs import tell_one
from bot.nudges.duties.homes import build_one
from bot.nudges.duties.pace import tell_pace
from bot.nudges.duties.terms import begin_some
from bot.nudges.readback import clear_up, take_doubt
from db.outbox.states import PACE, Pace
from db.touchpoints import next_due

Job = Callable[[], None]

# A round ends after so many, so that stopping and the heartbeat never wait for a long queue.
MOST_A_ROUND = 500
# And the clock's after so long: SQLite lets one writer in at a time, and delivery is to have its
# turn. Slack takes five messages a second; in this time the clock says more than that in five.
MOST_SECONDS = 2.0
# What the clock owes; absences and leavers first, so that nothing is said where nobody reads it.
# With each the kind of the agenda that says when; those without know it by themselves.
DUTIES = (
    ("leaver", look_after_one),
    ("absence", begin_or_end_one),
    (None, begin_some),
    ("term", look_at_one),
    ("touchpoint", open_one),
    ("handoff", tell_one),
    (None, say_one),
    (None, send_due_digest),
    (None, tell_pace),
)


def _on_and_on() -> bool:
    return True


def clock_round(context: Context, now: datetime, goes_on: Callable[[], bool] = _on_and_on) -> int:
    """Does what is due, while it `goes_on` and for two seconds; returns how much there was."""
    done, end = 0, time.monotonic() + MOST_SECONDS
    if must_wait(context, now):
        return done
    while done < MOST_A_ROUND and time.monotonic() < end and goes_on() and _do_one(context, now):
        done += 1
    return done


def _do_one(context: Context, now: datetime) -> bool:
    due = next_due.read(context.engine).due(now)
    return any(duty(context, now) for kind, duty in DUTIES if kind is None or kind in due)


def delivery_round(
    context: Context,
    now: datetime,
    goes_on: Callable[[], bool] = _on_and_on,
    pace: Pace = PACE,
    at_once: int = AT_ONCE,
) -> int:
    """Builds and sends everything that may go now, while it `goes_on`; returns how many jobs that
    were.

    `now` is when the round begins. The clock is read again for each job: a lease or a pace that
    counts from the begin of a long round would be over before its call.
    """
    done = 0
    while done < MOST_A_ROUND and goes_on() and (job := next_job(context, now, pace, at_once)):
        job()
        done += 1
        now = max(now, context.now())
    return done


def next_job(
    context: Context, now: datetime, pace: Pace = PACE, at_once: int = AT_ONCE
) -> Job | None:
    """What delivery has to do now: some messages to send, or one to look for; None if nothing.

    It is taken: others find something else. `at_once` is how many messages a job sends.
    """
    while build_one(context, now):  # Homes are paced: soon no other may be built
        pass
    if claims := take(context.engine, context.slack, now, pace, at_once):
        return partial(send, context.engine, context.slack, claims, context.now)
    if doubt := take_doubt(context.engine, context.slack, now):
        return partial(clear_up, context.engine, context.slack, doubt, now)
    return None
