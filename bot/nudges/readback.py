"""Looks in Slack for one message of which it is not known whether it was sent."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import Engine

from bot.nudges import breakers
from bot.slack import CouldNotRead, Slack
from db.core.tx import Tx, begin, read
from db.outbox import outcomes, readback
from db.outbox.readback import UnknownMessage
from db.outbox.states import OFFLINE_PAUSE, POST, base_lane

log = logging.getLogger(__name__)

_SEARCH_MARGIN = timedelta(seconds=60)  # clocks differ: search from a minute before the call


def claim_unknown(engine: Engine, slack: Slack, now: datetime) -> UnknownMessage | None:
    """Ends leases that ran out, then claims the next unknown message for `resolve_unknown`."""
    try:
        workspace = slack.workspace_id()
    except CouldNotRead:
        return None
    readback.expire_leases(engine, workspace, now, slack.settle)
    return readback.claim_unknown(engine, workspace, now)


def resolve_unknown(engine: Engine, slack: Slack, unknown: UnknownMessage, now: datetime) -> None:
    """Looks for an unknown message in Slack; what may be sent twice is simply sent again."""
    if unknown.method == POST:
        _look_in_slack(engine, slack, unknown, now)
        return
    with begin(engine, unknown.workspace) as tx:
        outcomes.retry_later(tx, readback.as_claim(unknown), "its sender was gone", now)


def _look_in_slack(engine: Engine, slack: Slack, unknown: UnknownMessage, now: datetime) -> None:
    try:
        channel, ts = _find(engine, slack, unknown)
    except CouldNotRead as error:
        with begin(engine, unknown.workspace) as tx:
            _write_failure(tx, unknown, error, now)
        return
    with begin(engine, unknown.workspace) as tx:
        if ts:
            readback.mark_found(tx, unknown, channel, ts, now)
        else:
            readback.mark_absent(tx, unknown, now)


def _find(engine: Engine, slack: Slack, unknown: UnknownMessage) -> tuple[str, str | None]:
    """The channel in which the message was looked for, and its ts if it is there."""
    oldest = unknown.started_at - _SEARCH_MARGIN
    with read(engine, unknown.workspace) as tx:
        thread = readback.thread_place(tx, unknown)
    if thread:
        channel, root_ts = thread
        return channel, slack.find_posted(channel, unknown.id, oldest, root_ts)
    channel = base_lane(unknown.lane)
    if channel[:1] in "UW":
        channel = slack.open_dm(channel)
    return channel, slack.find_posted(channel, unknown.id, oldest, None)


def _write_failure(tx: Tx, unknown: UnknownMessage, error: CouldNotRead, now: datetime) -> None:
    if error.offline or error.retry_after is not None:
        pause = timedelta(seconds=error.retry_after or OFFLINE_PAUSE.total_seconds())
        readback.postpone_look(tx, unknown, now + pause)
    elif readback.mark_unreadable(tx, unknown, str(error), now):
        log.warning("message %s is held: %s", unknown.id, error)
        breakers.notify_held(tx, unknown.id, base_lane(unknown.lane), now)
