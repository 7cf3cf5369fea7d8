"""Sends some messages: claim → commit → call Slack, for all at once → write down what became of
them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from bot import metrics
from bot.nudges import breakers, charts
from bot.nudges.concurrent_calls import Call, concurrently
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
from db.core import workspaces
from db.core.tx import Tx, begin
from db.outbox import Claim, claim_batch, mark_sent_bulk, outcomes
from db.outbox.states import (
    DELETE,
    EPHEMERAL,
    FILE,
    LEASE,
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

log = logging.getLogger(__name__)

# A batch is as many calls as are made at once: none waits for another, so each is begun with the
# whole lease before it.
AT_ONCE = 32
# Calls that end within so many seconds of each other are written down together.
GATHER_SECONDS = 0.05

# Their 429 slows their own lane only.
_PACED_ALONE = (POST, UPDATE, DELETE, EPHEMERAL, FILE, STEP_DONE, STEP_FAILED, PROMPTS)


@dataclass(frozen=True)
class NotMade:
    """There was no call: none can be made of the row."""

    why: str


@dataclass(frozen=True)
class Ended:
    """How the call of a claim ended, and when; None if it was not begun."""

    claim: Claim
    outcome: Outcome | NotMade | None
    at: datetime


def take(
    engine: Engine, slack: Slack, now: datetime, pace: Pace = PACE, most: int = AT_ONCE
) -> list[Claim]:
    """Claims the next messages that may go, up to `most`: they are ours to `send`."""
    try:
        workspace = slack.workspace_id()
    except CouldNotRead as error:
        log.info("Slack does not say which workspace this is: %s", error)
        return []
    return claim_batch(engine, workspace, now, most, pace)


def send(
    engine: Engine, slack: Slack, claims: Sequence[Claim], clock: Callable[[], datetime]
) -> None:
    """Calls Slack for each claim, for all at once, and writes down how the calls ended.

    `clock` tells how late it is when a call begins, for its lease, and when it ends: the pace, a
    Retry-After and the settle window count from there.
    """
    calls = [
        Call(
            partial(_ended, slack, mine, clock),
            LEASE.total_seconds() if mine.method == FILE else slack.deadline,
            partial(_too_late, slack, mine, clock),
        )
        for mine in claims
    ]
    for ended in concurrently(calls, GATHER_SECONDS):
        _remember(engine, slack, ended)


def send_batch(
    engine: Engine,
    slack: Slack,
    now: datetime,
    clock: Callable[[], datetime],
    pace: Pace = PACE,
    most: int = AT_ONCE,
) -> int:
    """Sends the next messages that may go, up to `most`; returns how many there were."""
    claims = take(engine, slack, now, pace, most)
    send(engine, slack, claims, clock)
    return len(claims)


def _ended(slack: Slack, mine: Claim, clock: Callable[[], datetime]) -> Ended:
    try:
        outcome = _call(slack, mine, clock())
    except Exception as error:  # whatever broke, Slack may have it
        log.exception("the call for message %s broke", mine.id)
        outcome = Unknown(f"{type(error).__name__}: {error}"[:200])
    return Ended(mine, outcome, max(mine.started_at, clock()))


def _too_late(slack: Slack, mine: Claim, clock: Callable[[], datetime]) -> Ended:
    """Slack may have it, or get it yet. A file's three calls have each an end of their own."""
    why = f"no complete answer within {slack.deadline:g} s"
    return Ended(mine, Unknown(why), max(mine.started_at, clock()))


def _call(slack: Slack, mine: Claim, now: datetime) -> Outcome | NotMade | None:
    """None if the call was not begun."""
    if mine.shared_outside or mine.lease_until - now < LEAST_LEFT:
        return None
    try:
        args = mine.args
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        return NotMade(f"it cannot be rendered: {type(error).__name__}")
    if mine.method == RESPONSE:
        return slack.respond(args["response_url"], args["body"])
    if mine.method == FILE:
        return _picture(slack, mine, args, now)
    return slack.send(mine.method, args)


def _picture(slack: Slack, mine: Claim, args: dict[str, Any], now: datetime) -> Outcome | NotMade:
    try:
        return charts.send(slack, args, mine.lease_until - now)
    except charts.NotDrawn as why:
        return NotMade(str(why))


# -- what became of them


def _remember(engine: Engine, slack: Slack, ended: Sequence[Ended]) -> None:
    """What Slack took ends in one transaction; every other end, and its trouble, is its own."""
    taken: list[mark_sent_bulk.Taken] = []
    for each in ended:
        _count(each.outcome)
        match each.outcome:
            case Sent(channel, ts) if mark_sent_bulk.is_plain(each.claim):
                taken.append(mark_sent_bulk.Taken(each.claim, channel, ts, each.at))
            case _:
                _surely(partial(_remember_one, engine, slack, each))
    if taken:
        _surely(partial(mark_sent_bulk.mark_sent_bulk, engine, taken))


def _count(outcome: Outcome | NotMade | None) -> None:
    metrics.sends.labels(type(outcome).__name__.lower() if outcome else "not begun").inc()


def _surely(write: Callable[[], None]) -> None:
    """Tries harder than others to get at the database: what is forgotten has to be read back."""
    for tries_left in (2, 1, 0):
        try:
            write()
            return
        except Exception as error:  # the other ends are written all the same
            if not tries_left or not isinstance(error, OperationalError):
                log.exception("the end of a call could not be written: it is looked for in Slack")
                return
            log.warning("the database was busy; the end of a call is written again")


def _remember_one(engine: Engine, slack: Slack, ended: Ended) -> None:
    with begin(engine, ended.claim.workspace) as tx:
        _write_down(tx, slack, ended.claim, ended.outcome, ended.at)


def _write_down(
    tx: Tx, slack: Slack, mine: Claim, outcome: Outcome | NotMade | None, at: datetime
) -> None:
    match outcome:
        case None if mine.shared_outside:
            outcomes.give_back(tx, mine, at, "shared_outside")
            breakers.park(tx, mine, "shared_outside", at)
        case None:
            outcomes.give_back(tx, mine, at, "too little of the lease was left")
        case NotMade(why):
            log.error("message %s: %s", mine.id, why)
            outcomes.dead(tx, mine, why, at)
        case Sent(channel, ts):
            outcomes.sent(tx, mine, channel, ts, at)
        case RateLimited(seconds):
            until = at + timedelta(seconds=seconds)
            outcomes.rate_limited(tx, mine, until, mine.method not in _PACED_ALONE)
        case Offline(why):
            log.warning("Slack cannot be reached: %s", why)
            outcomes.offline(tx, mine, at, why)
        case Unknown(why) if mine.method == PROMPTS:
            outcomes.let_go(tx, mine, why, at)
        case Unknown(why):
            log.warning("message %s: nobody knows whether it was sent: %s", mine.id, why)
            outcomes.unknown(tx, mine, why, at, slack.settle)
        case Refused():
            _refused(tx, mine, outcome, at)


def _refused(tx: Tx, mine: Claim, refusal: Refused, at: datetime) -> None:
    log.warning("message %s was refused: %s", mine.id, refusal.error)
    if refusal.reach is Reach.WORKSPACE:
        outcomes.give_back(tx, mine, at, refusal.error)
        breakers.park_workspace(tx, refusal.error, at)
        return
    if mine.method == PROMPTS:
        outcomes.let_go(tx, mine, refusal.error, at)
        return
    workspaces.unpark(tx)  # whatever else is wrong, the token is taken again
    if refusal.reach is Reach.CHANNEL and mine.method in (POST, UPDATE):
        outcomes.give_back(tx, mine, at, refusal.error)
        breakers.park(tx, mine, refusal.error, at)
    elif refusal.reach is Reach.CHANNEL:
        outcomes.dead(tx, mine, refusal.error, at)
    else:
        outcomes.refused(tx, mine, refusal.error, refusal.permanent, at)
