"""Parks a channel or workspace that refuses messages, and tells admins."""

import logging
from datetime import datetime

from bot.actions.admins import notify_admins
from bot.messages.workspace.status import held_text, lane_parked_text
from db.core import workspaces
from db.core.tx import Tx
from db.outbox import Claim, lanes
from db.outbox.states import PROBE_INTERVAL

log = logging.getLogger(__name__)


def park_lane(tx: Tx, claim: Claim, reason: str, at: datetime) -> None:
    """Parks the lane; the admins are told the first time."""
    if lanes.park_lane(tx, claim.lane, reason, at):
        log.warning("lane %s is parked: %s", claim.channel, reason)
        key = f"parked:{claim.channel}:{at.isoformat()}"
        text = lane_parked_text(claim.channel, reason)
        notify_admins(tx, text, dedupe_key=key, now=at, about=claim.channel)


def park_workspace(tx: Tx, reason: str, at: datetime) -> None:
    """Stops all sending. Slack takes no message that says so: the log and `/linchpin status` do."""
    if workspaces.park_workspace(tx, reason, at + PROBE_INTERVAL):
        log.error("workspace %s is parked: Slack says %s", tx.workspace, reason)


def notify_held(tx: Tx, outbox_id: int, lane: str, at: datetime) -> None:
    """Asks admins to look whether a message was posted."""
    key, text = f"held:{outbox_id}:{at.isoformat()}", held_text(lane, outbox_id)
    notify_admins(tx, text, dedupe_key=key, now=at, about=lane)
