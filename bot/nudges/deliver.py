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
    MIN_LEASE_LEFT,
    POST,
    PROMPTS,
    RATE_LIMIT,
    RESPONSE,
    STEP_DONE,
    STEP_FAILED,
    UPDATE,
    RateLimit,
)

log = logging.getLogger(__name__)

# A batch is as many calls as are made at once: none waits for another, so each is begun with the
# whole lease before it.
BATCH_SIZE = 32
# Calls that end within so many seconds of each other are written down together.
GATHER_SECONDS = 0.05

# Their 429 slows their own lane only.
_METHODS_WITH_OWN_LIMIT = (POST, UPDATE, DELETE, EPHEMERAL, FILE, STEP_DONE, STEP_FAILED, PROMPTS)


@dataclass(frozen=True)
class NoCall:
    """There was no call: none can be made of the row."""

    why: str


@dataclass(frozen=True)
class EndedCall:
    """How the call of a claim ended, and when; None if it was not begun."""

    claim: Claim
    outcome: Outcome | NoCall | None
    at: datetime


def claim_next(
    engine: Engine,
    slack: Slack,
    now: datetime,
    pace: RateLimit = RATE_LIMIT,
    most: int = BATCH_SIZE,
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
            partial(_run_call, slack, mine, clock),
            LEASE.total_seconds() if mine.method == FILE else slack.deadline,
            partial(_timed_out, slack, mine, clock),
        )
        for mine in claims
    ]
    for ended in concurrently(calls, GATHER_SECONDS):
        _save_outcomes(engine, slack, ended)


def send_batch(
    engine: Engine,
    slack: Slack,
    now: datetime,
    clock: Callable[[], datetime],
    pace: RateLimit = RATE_LIMIT,
    most: int = BATCH_SIZE,
) -> int:
    """Sends the next messages that may go, up to `most`; returns how many there were."""
    claims = claim_next(engine, slack, now, pace, most)
    send(engine, slack, claims, clock)
    return len(claims)


def _run_call(slack: Slack, mine: Claim, clock: Callable[[], datetime]) -> EndedCall:
    try:
        outcome = _call_slack(slack, mine, clock())
    except Exception as error:  # whatever broke, Slack may have it
        log.exception("the call for message %s broke", mine.id)
        outcome = Unknown(f"{type(error).__name__}: {error}"[:200])
    return EndedCall(mine, outcome, max(mine.started_at, clock()))


def _timed_out(slack: Slack, mine: Claim, clock: Callable[[], datetime]) -> EndedCall:
    """Slack may have it, or get it yet. A file's three calls have each an end of their own."""
    why = f"no complete answer within {slack.deadline:g} s"
    return EndedCall(mine, Unknown(why), max(mine.started_at, clock()))


def _call_slack(slack: Slack, mine: Claim, now: datetime) -> Outcome | NoCall | None:
    """None if the call was not begun."""
    if mine.shared_outside or mine.lease_until - now < MIN_LEASE_LEFT:
        return None
    try:
        args = mine.args
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        return NoCall(f"it cannot be rendered: {type(error).__name__}")
    if mine.method == RESPONSE:
        return slack.respond(args["response_url"], args["body"])
    if mine.method == FILE:
        return _send_chart(slack, mine, args, now)
    return slack.send(mine.method, args)


def _send_chart(slack: Slack, mine: Claim, args: dict[str, Any], now: datetime) -> Outcome | NoCall:
    try:
        return charts.send_chart(slack, args, mine.lease_until - now)
    except charts.NotDrawn as why:
        return NoCall(str(why))


# -- what became of them


def _save_outcomes(engine: Engine, slack: Slack, ended: Sequence[EndedCall]) -> None:
    """What Slack took ends in one transaction; every other end, and its trouble, is its own."""
    taken: list[mark_sent_bulk.SentMessage] = []
    for each in ended:
        _count_outcome(each.outcome)
        match each.outcome:
            case Sent(channel, ts) if mark_sent_bulk.is_plain(each.claim):
                taken.append(mark_sent_bulk.SentMessage(each.claim, channel, ts, each.at))
            case _:
                _retry_write(partial(_save_outcome, engine, slack, each))
    if taken:
        _retry_write(partial(mark_sent_bulk.mark_sent_bulk, engine, taken))


def _count_outcome(outcome: Outcome | NoCall | None) -> None:
    metrics.sends.labels(type(outcome).__name__.lower() if outcome else "not begun").inc()


def _retry_write(write: Callable[[], None]) -> None:
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


def _save_outcome(engine: Engine, slack: Slack, ended: EndedCall) -> None:
    with begin(engine, ended.claim.workspace) as tx:
        _write_outcome(tx, slack, ended.claim, ended.outcome, ended.at)


def _write_outcome(
    tx: Tx, slack: Slack, mine: Claim, outcome: Outcome | NoCall | None, at: datetime
) -> None:
    match outcome:
        case None if mine.shared_outside:
            outcomes.return_claim(tx, mine, at, "shared_outside")
            breakers.park_lane(tx, mine, "shared_outside", at)
        case None:
            outcomes.return_claim(tx, mine, at, "too little of the lease was left")
        case NoCall(why):
            log.error("message %s: %s", mine.id, why)
            outcomes.mark_dead(tx, mine, why, at)
        case Sent(channel, ts):
            outcomes.mark_sent(tx, mine, channel, ts, at)
        case RateLimited(seconds):
            until = at + timedelta(seconds=seconds)
            outcomes.mark_rate_limited(tx, mine, until, mine.method not in _METHODS_WITH_OWN_LIMIT)
        case Offline(why):
            log.warning("Slack cannot be reached: %s", why)
            outcomes.mark_offline(tx, mine, at, why)
        case Unknown(why) if mine.method == PROMPTS:
            outcomes.mark_dropped(tx, mine, why, at)
        case Unknown(why):
            log.warning("message %s: nobody knows whether it was sent: %s", mine.id, why)
            outcomes.mark_unknown(tx, mine, why, at, slack.settle)
        case Refused():
            _write_refusal(tx, mine, outcome, at)


def _write_refusal(tx: Tx, mine: Claim, refusal: Refused, at: datetime) -> None:
    log.warning("message %s was refused: %s", mine.id, refusal.error)
    if refusal.reach is Reach.WORKSPACE:
        outcomes.return_claim(tx, mine, at, refusal.error)
        breakers.park_workspace(tx, refusal.error, at)
        return
    if mine.method == PROMPTS:
        outcomes.mark_dropped(tx, mine, refusal.error, at)
        return
    workspaces.unpark_workspace(tx)  # whatever else is wrong, the token is taken again
    if refusal.reach is Reach.CHANNEL and mine.method in (POST, UPDATE):
        outcomes.return_claim(tx, mine, at, refusal.error)
        breakers.park_lane(tx, mine, refusal.error, at)
    elif refusal.reach is Reach.CHANNEL:
        outcomes.mark_dead(tx, mine, refusal.error, at)
    else:
        outcomes.mark_refused(tx, mine, refusal.error, refusal.permanent, at)
