"""Looks in Slack for one message of which nobody knows whether it was sent."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import Engine

from bot.nudges import breakers
from bot.slack import CouldNotRead, Slack
from db.core.tx import Tx, begin, read
from db.outbox import lease, outcomes, readback
from db.outbox.lease import recover_interrupted
from db.outbox.readback import UnknownMessage
from db.outbox.states import OFFLINE_PAUSE, READ_BACK_METHODS, base_lane

__all__ = ["reconcile_one", "recover_interrupted"]

log = logging.getLogger(__name__)

_SEARCH_MARGIN = timedelta(seconds=60)  # clocks differ: look from a minute before the call


def reconcile_one(engine: Engine, slack: Slack, now: datetime) -> bool:
    """Ends leases that ran out, then looks for one unknown message; True when there was one."""
    doubt = claim_unknown(engine, slack, now)
    if doubt is not None:
        resolve_unknown(engine, slack, doubt, now)
    return doubt is not None


def claim_unknown(engine: Engine, slack: Slack, now: datetime) -> UnknownMessage | None:
    """Ends leases that ran out; returns the unknown message to `clear_up` next, if there is one."""
    try:
        workspace = slack.workspace_id()
    except CouldNotRead:
        return None
    lease.expire_leases(engine, workspace, now, slack.settle)
    return readback.claim_unknown(engine, workspace, now)


def resolve_unknown(engine: Engine, slack: Slack, doubt: UnknownMessage, now: datetime) -> None:
    """Looks for an unknown message in Slack; what may be said twice is simply said again."""
    if doubt.method in READ_BACK_METHODS:
        _look_in_slack(engine, slack, doubt, now)
        return
    with begin(engine, doubt.workspace) as tx:
        outcomes.retry_later(tx, readback.as_claim(doubt), "its sender was gone", now)


def _look_in_slack(engine: Engine, slack: Slack, doubt: UnknownMessage, now: datetime) -> None:
    try:
        channel, ts = _find(engine, slack, doubt)
    except CouldNotRead as error:
        with begin(engine, doubt.workspace) as tx:
            _write_failure(tx, doubt, error, now)
        return
    with begin(engine, doubt.workspace) as tx:
        if ts:
            readback.mark_found(tx, doubt, channel, ts, now)
        else:
            readback.mark_absent(tx, doubt, now)


def _find(engine: Engine, slack: Slack, doubt: UnknownMessage) -> tuple[str, str | None]:
    oldest = doubt.started_at - _SEARCH_MARGIN
    with read(engine, doubt.workspace) as tx:
        thread = readback.thread_place(tx, doubt)
    if thread:
        channel, root_ts = thread
        return channel, slack.find_posted(channel, doubt.id, oldest, root_ts)
    channel = base_lane(doubt.lane)
    if channel[:1] in "UW":
        channel = slack.open_dm(channel)
    return channel, slack.find_posted(channel, doubt.id, oldest, None)


def _write_failure(tx: Tx, doubt: UnknownMessage, error: CouldNotRead, now: datetime) -> None:
    if error.offline or error.retry_after is not None:
        pause = timedelta(seconds=error.retry_after or OFFLINE_PAUSE.total_seconds())
        readback.postpone_look(tx, doubt, now + pause)
    elif readback.mark_unreadable(tx, doubt, str(error), now):
        log.warning("message %s is held: %s", doubt.id, error)
        breakers.notify_held(tx, doubt.id, base_lane(doubt.lane), now)
