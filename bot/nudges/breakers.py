"""Parks a channel or workspace that refuses messages, and tells admins."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.messages.kit.message import Message
from bot.messages.workspace.delivery_trouble import held, lane_parked_message
from db.core import workspaces
from db.core.tx import Tx
from db.members import members
from db.outbox import Claim, enqueue_post, lanes
from db.outbox.states import PROBE_INTERVAL

log = logging.getLogger(__name__)

_MAX_ADMINS = 5


def park_lane(tx: Tx, claim: Claim, reason: str, at: datetime) -> None:
    """Parks the lane; the admins are told the first time."""
    if lanes.park_lane(tx, claim.lane, reason, at):
        log.warning("lane %s is parked: %s", claim.channel, reason)
        key = f"parked:{claim.channel}:{at.isoformat()}"
        _notify_admins(tx, key, lane_parked_message(claim.channel, reason), claim.channel, at)


def park_workspace(tx: Tx, reason: str, at: datetime) -> None:
    """Stops all sending. Slack takes no message that says so: the log and `/linchpin status` do."""
    if workspaces.park_workspace(tx, reason, at + PROBE_INTERVAL):
        log.error("workspace %s is parked: Slack says %s", tx.workspace, reason)


def notify_held(tx: Tx, outbox_id: int, lane: str, at: datetime) -> None:
    """Asks admins to look whether a message was posted."""
    _notify_admins(tx, f"held:{outbox_id}:{at.isoformat()}", held(lane, outbox_id), lane, at)


def _notify_admins(tx: Tx, key: str, message: Message, about: str, at: datetime) -> None:
    """A DM to each admin but the one whose own DM is parked (`about`)."""
    admins = [admin for admin in members.list_admins(tx) if admin.user_id != about]
    for admin in admins[:_MAX_ADMINS]:
        enqueue_post(
            tx,
            dedupe_key=f"{key}:{admin.user_id}",
            kind="admin",
            channel=admin.user_id,
            payload=message.payload(),
            now=at,
        )
    if not admins:
        log.warning("no admin is known to be told: %s", message.text)
