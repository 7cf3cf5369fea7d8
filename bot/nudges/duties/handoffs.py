"""Tells a lead of one handoff that nobody has accepted in time."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.actions.actor import CLOCK
from bot.actions.handoffs import handoffs as actions
from bot.actions.work import Work
from bot.context import Context
from bot.nudges.set_aside import attempt
from bot.rules.playbook.playbook import Playbook
from db.core.tx import Tx
from db.handoffs import handoffs

# One that cannot be told must not stop the others.
RETRY_AFTER = timedelta(hours=1)


def notify_next_lead(context: Context, now: datetime) -> bool:
    """Deals with the handoff that has waited longest; False if none has waited too long."""
    workspace = handoffs.next_due_workspace(context.engine, now)
    if workspace is None:
        return False

    def tell(tx: Tx, playbook: Playbook) -> bool:
        handoff = handoffs.lock_next_due(tx, now)
        if handoff is None:
            return False
        actions.notify_lead(Work(tx, playbook, now, CLOCK), handoff)
        return True

    def set_aside(tx: Tx) -> None:
        handoff = handoffs.lock_next_due(tx, now)
        if handoff is not None:
            handoff.wake_at = now + RETRY_AFTER

    return attempt(context, workspace, "tell of a handoff", tell, set_aside, otherwise=True)
