"""Sends one message: claim → commit → call → write down what became of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from bot import metrics
from bot.nudges import breakers, picture
from bot.slack import (
    CouldNotRead,
    Offline,
    Outcome,
    RateLimited,
    Reach,
    Refused,
    Sent,
    Slack,
    Unknown,
)
from db import workspaces
from db.outbox import Claim, claim, finish
from db.outbox.states import (
    DELETE,
    EPHEMERAL,
    FILE,
    LEAST_LEFT,
    PACE,
    POST,
    PROMPTS,
    RESPONSE,
    STEP_DONE,
    STEP_FAILED,
    UPDATE,
    Pace,
)
from db.tx import Tx, begin

log = logging.getLogger(__name__)

# Their 429 slows their own lane only.
_PACED_ALONE = (POST, UPDATE, DELETE, EPHEMERAL, FILE, STEP_DONE, STEP_FAILED, PROMPTS)


def send_one(
    engine: Engine,
    slack: Slack,
    now: datetime,
    clock: Callable[[], datetime],
    pace: Pace = PACE,
) -> bool:
    """Sends the next message that may go; True when there was one.

    `now` is when this began. `clock` tells how late it is when the call begins, for its lease, and
    when it ends: the pace, a Retry-After and the settle window count from there.
    """
    workspace = _workspace(slack)
    mine = workspace and claim(engine, workspace, now, pace)
    if not mine:
        return False
    outcome = _call(slack, mine, clock())
    metrics.sends.labels(type(outcome).__name__.lower() if outcome else "not begun").inc()
    _remember(engine, slack, mine, outcome, max(now, clock()))
    return True


def _workspace(slack: Slack) -> str | None:
    try:
        return slack.workspace_id()
    except CouldNotRead as error:
        log.info("Slack does not say which workspace this is: %s", error)
        return None


def _call(slack: Slack, mine: Claim, now: datetime) -> Outcome | None:
    """None if the call was not begun."""
    if mine.shared_outside or mine.lease_until - now < LEAST_LEFT:
        return None
    if mine.method == RESPONSE:
        return slack.respond(mine.args["response_url"], mine.args["body"])
    if mine.method == FILE:
        return picture.send(slack, mine.args, mine.lease_until - now)
    return slack.send(mine.method, mine.args)


def _remember(
    engine: Engine, slack: Slack, mine: Claim, outcome: Outcome | None, at: datetime
) -> None:
    """Tries harder than others to get at the database: what is forgotten has to be read back."""
    for tries_left in (2, 1, 0):
        try:
            with begin(engine, mine.workspace) as tx:
                _write_down(tx, slack, mine, outcome, at)
            return
        except OperationalError:
            if not tries_left:
                raise
            log.warning("the database was busy; the end of message %s is written again", mine.id)


def _write_down(tx: Tx, slack: Slack, mine: Claim, outcome: Outcome | None, at: datetime) -> None:
    match outcome:
        case None if mine.shared_outside:
            finish.give_back(tx, mine, at, "shared_outside")
            breakers.park(tx, mine, "shared_outside", at)
        case None:
            finish.give_back(tx, mine, at, "too little of the lease was left")
        case Sent(channel, ts):
            finish.sent(tx, mine, channel, ts, at)
        case RateLimited(seconds):
            until = at + timedelta(seconds=seconds)
            finish.rate_limited(tx, mine, until, mine.method not in _PACED_ALONE)
        case Offline(why):
            log.warning("Slack cannot be reached: %s", why)
            finish.offline(tx, mine, at, why)
        case Unknown(why) if mine.method == PROMPTS:
            finish.let_go(tx, mine, why, at)
        case Unknown(why):
            log.warning("message %s: nobody knows whether it was sent: %s", mine.id, why)
            finish.unknown(tx, mine, why, at, slack.settle)
        case Refused():
            _refused(tx, mine, outcome, at)


def _refused(tx: Tx, mine: Claim, refusal: Refused, at: datetime) -> None:
    log.warning("message %s was refused: %s", mine.id, refusal.error)
    if refusal.reach is Reach.WORKSPACE:
        finish.give_back(tx, mine, at, refusal.error)
        breakers.park_workspace(tx, refusal.error, at)
        return
    if mine.method == PROMPTS:
        finish.let_go(tx, mine, refusal.error, at)
        return
    workspaces.unpark(tx)  # whatever else is wrong, the token is taken again
    if refusal.reach is Reach.CHANNEL and mine.method in (POST, UPDATE):
        finish.give_back(tx, mine, at, refusal.error)
        breakers.park(tx, mine, refusal.error, at)
    elif refusal.reach is Reach.CHANNEL:
        finish.dead(tx, mine, refusal.error, at)
    else:
        finish.refused(tx, mine, refusal.error, refusal.permanent, at)
