"""Looks in Slack for one message of which nobody knows whether it was sent."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import Engine

from bot.nudges import breakers
from bot.slack import CouldNotRead, Slack
from db.core.tx import Tx, begin, read
from db.outbox import lease, outcomes, readback
from db.outbox.lease import recover
from db.outbox.readback import Doubt
from db.outbox.states import OFFLINE_PAUSE, READ_BACK, base_lane

__all__ = ["reconcile_one", "recover"]

log = logging.getLogger(__name__)

_BEFORE = timedelta(seconds=60)  # clocks differ: look from a minute before the call


def reconcile_one(engine: Engine, slack: Slack, now: datetime) -> bool:
    """Ends leases that ran out, then looks for one unknown message; True when there was one."""
    doubt = take_doubt(engine, slack, now)
    if doubt is not None:
        clear_up(engine, slack, doubt, now)
    return doubt is not None


def take_doubt(engine: Engine, slack: Slack, now: datetime) -> Doubt | None:
    """Ends leases that ran out; returns the unknown message to `clear_up` next, if there is one."""
    try:
        workspace = slack.workspace_id()
    except CouldNotRead:
        return None
    lease.expire_leases(engine, workspace, now, slack.settle)
    return readback.take_doubt(engine, workspace, now)


def clear_up(engine: Engine, slack: Slack, doubt: Doubt, now: datetime) -> None:
    """Looks for an unknown message in Slack; what may be said twice is simply said again."""
    if doubt.method in READ_BACK:
        _look(engine, slack, doubt, now)
        return
    with begin(engine, doubt.workspace) as tx:
        outcomes.repeat(tx, readback.as_claim(doubt), "its sender was gone", now)


def _look(engine: Engine, slack: Slack, doubt: Doubt, now: datetime) -> None:
    try:
        channel, ts = _find(engine, slack, doubt)
    except CouldNotRead as error:
        with begin(engine, doubt.workspace) as tx:
            _could_not(tx, doubt, error, now)
        return
    with begin(engine, doubt.workspace) as tx:
        if ts:
            readback.found(tx, doubt, channel, ts, now)
        else:
            readback.absent(tx, doubt, now)


def _find(engine: Engine, slack: Slack, doubt: Doubt) -> tuple[str, str | None]:
    oldest = doubt.started_at - _BEFORE
    with read(engine, doubt.workspace) as tx:
        thread = readback.thread_of(tx, doubt)
    if thread:
        channel, root_ts = thread
        return channel, slack.find_posted(channel, doubt.id, oldest, root_ts)
    channel = base_lane(doubt.lane)
    if channel[:1] in "UW":
        channel = slack.open_dm(channel)
    return channel, slack.find_posted(channel, doubt.id, oldest, None)


def _could_not(tx: Tx, doubt: Doubt, error: CouldNotRead, now: datetime) -> None:
    if error.offline or error.retry_after is not None:
        pause = timedelta(seconds=error.retry_after or OFFLINE_PAUSE.total_seconds())
        readback.look_again(tx, doubt, now + pause)
    elif readback.unreadable(tx, doubt, str(error), now):
        log.warning("message %s is held: %s", doubt.id, error)
        breakers.tell_held(tx, doubt.id, base_lane(doubt.lane), now)
