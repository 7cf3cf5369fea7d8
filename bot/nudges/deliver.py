"""Sends some messages: claim, commit, call Slack for all at once, save what became of them."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

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
from db.lists import lists
from db.outbox import Claim, claim_batch, outcomes, states

log = logging.getLogger(__name__)

# As many calls are made at once. None waits for another, so each begins with the whole lease left.
BATCH_SIZE = 32
# The outcomes of calls that end within so many seconds of each other are saved together.
GATHER_SECONDS = 0.05

# Their 429 slows the whole workspace; that of other methods only their lane.
_LIMITED_BY_WORKSPACE = (states.VIEW, states.RESPONSE)


@dataclass(frozen=True)
class NoCall:
    """There was no call, because none can be made of the row."""

    why: str


@dataclass(frozen=True)
class EndedCall:
    """How the call of a claim ended, and when; the outcome is None if it was not begun."""

    claim: Claim
    outcome: Outcome | NoCall | None
    at: datetime


def claim_next(
    engine: Engine,
    slack: Slack,
    now: datetime,
    pace: states.RateLimit = states.RATE_LIMIT,
    most: int = BATCH_SIZE,
) -> list[Claim]:
    """Claims the next messages that may go, up to `most`, for this process to `send`."""
    try:
        workspace = slack.workspace_id()
    except CouldNotRead as error:
        log.info("Slack does not say which workspace this is: %s", error)
        return []
    return claim_batch(engine, workspace, now, most, pace)


def send(
    engine: Engine, slack: Slack, claims: Sequence[Claim], clock: Callable[[], datetime]
) -> None:
    """Calls Slack for all claims at once, and saves how the calls ended. `clock` gives the time at
    which a call begins, for its lease, and at which it ends: the rate limit, a Retry-After and the
    settle window count from there."""
    calls = [
        Call(
            partial(_run_call, slack, claim, clock),
            states.LEASE.total_seconds() if claim.has_picture else slack.deadline,
            partial(_timed_out, slack, claim, clock),
        )
        for claim in claims
    ]
    for ended in concurrently(calls, GATHER_SECONDS):
        _save_outcomes(engine, slack, ended)


def _run_call(slack: Slack, claim: Claim, clock: Callable[[], datetime]) -> EndedCall:
    try:
        outcome = _call_slack(slack, claim, clock())
    except Exception as error:  # whatever broke, Slack may have the message
        log.exception("the call for message %s broke", claim.id)
        outcome = Unknown(f"{type(error).__name__}: {error}"[:200])
    return EndedCall(claim, outcome, max(claim.started_at, clock()))


def _timed_out(slack: Slack, claim: Claim, clock: Callable[[], datetime]) -> EndedCall:
    """Slack may have it, or get it yet."""
    why = f"no complete answer within {slack.deadline:g} s"
    return EndedCall(claim, Unknown(why), max(claim.started_at, clock()))


def _call_slack(slack: Slack, claim: Claim, now: datetime) -> Outcome | NoCall | None:
    """None if the call was not begun."""
    if claim.shared_outside or claim.lease_until - now < states.MIN_LEASE_LEFT:
        return None
    try:
        args = claim.args
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        return NoCall(f"it cannot be rendered: {type(error).__name__}")
    if claim.method == states.RESPONSE:
        return slack.respond(args["response_url"], args["body"])
    if claim.has_picture:
        return charts.post_with_picture(slack, args, claim.lease_until - now)
    return slack.send(claim.method, args)


def _save_outcomes(engine: Engine, slack: Slack, ended: Sequence[EndedCall]) -> None:
    """What was sent is saved in one transaction, every other outcome in one of its own."""
    sent: list[outcomes.SentMessage] = []
    for call in ended:
        name = type(call.outcome).__name__.lower() if call.outcome else "not begun"
        metrics.sends.labels(name).inc()
        match call.outcome:
            case Sent(channel, ts) if outcomes.is_plain(call.claim):
                sent.append(outcomes.SentMessage(call.claim, channel, ts, call.at))
            case _:
                _retry_write(partial(_save_outcome, engine, slack, call))
    if sent:
        _retry_write(partial(outcomes.mark_sent_bulk, engine, sent))


def _retry_write(write: Callable[[], None]) -> None:
    """Writes, up to three times while the database is busy: an outcome that is lost costs a
    search in Slack."""
    for tries_left in (2, 1, 0):
        try:
            write()
            return
        except Exception as error:  # the other outcomes are saved all the same
            if not tries_left or not isinstance(error, OperationalError):
                log.exception("the end of a call could not be written: it is looked for in Slack")
                return
            log.warning("the database was busy; the end of a call is written again")


def _save_outcome(engine: Engine, slack: Slack, ended: EndedCall) -> None:
    with begin(engine, ended.claim.workspace) as tx:
        _write_outcome(tx, slack, ended.claim, ended.outcome, ended.at)


def _write_outcome(
    tx: Tx, slack: Slack, claim: Claim, outcome: Outcome | NoCall | None, at: datetime
) -> None:
    match outcome:
        case None if claim.shared_outside:
            outcomes.return_claim(tx, claim, at, "shared_outside")
            breakers.park_lane(tx, claim, "shared_outside", at)
        case None:
            outcomes.return_claim(tx, claim, at, "too little of the lease was left")
        case NoCall(why):
            log.error("message %s: %s", claim.id, why)
            outcomes.mark_dead(tx, claim, why, at)
        case Sent(channel, ts):
            outcomes.mark_sent(tx, claim, channel, ts, at)
        case RateLimited(seconds):
            until = at + timedelta(seconds=seconds)
            outcomes.mark_rate_limited(tx, claim, until, claim.method in _LIMITED_BY_WORKSPACE)
        case Offline(why):
            log.warning("Slack cannot be reached: %s", why)
            outcomes.mark_offline(tx, claim, at, why)
        case Unknown(why) if claim.method == states.PROMPTS:
            outcomes.mark_dropped(tx, claim, why, at)
        case Unknown(why):
            log.warning("message %s: nobody knows whether it was sent: %s", claim.id, why)
            outcomes.mark_unknown(tx, claim, why, at, slack.settle)
        case Refused():
            _write_refusal(tx, claim, outcome, at)


def _write_refusal(tx: Tx, claim: Claim, refusal: Refused, at: datetime) -> None:
    log.warning("message %s was refused: %s", claim.id, refusal.error)
    if refusal.reach is Reach.WORKSPACE:
        outcomes.return_claim(tx, claim, at, refusal.error)
        breakers.park_workspace(tx, refusal.error, at)
        return
    if claim.method == states.PROMPTS:
        outcomes.mark_dropped(tx, claim, refusal.error, at)
        return
    workspaces.unpark_workspace(tx)  # whatever else is wrong, the token is taken again
    if refusal.error == "message_not_found" and claim.method == states.UPDATE:
        lists.lose(tx, outcomes.mark_deleted(tx, claim, refusal.error, at), at)
        return
    if refusal.reach is Reach.CHANNEL and claim.method in (states.POST, states.UPDATE):
        outcomes.return_claim(tx, claim, at, refusal.error)
        breakers.park_lane(tx, claim, refusal.error, at)
    elif refusal.reach is Reach.CHANNEL:
        outcomes.mark_dead(tx, claim, refusal.error, at)
    else:
        outcomes.mark_refused(tx, claim, refusal.error, refusal.permanent, at)
