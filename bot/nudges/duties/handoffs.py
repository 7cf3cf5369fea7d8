"""Tells a lead of one handoff that nobody has accepted in time."""

from datetime import datetime, timedelta

from bot.actions.handoffs import handoffs as actions
from bot.actions.work import Work
from bot.context import Context
from bot.nudges.set_aside import attempt
from db.handoffs import handoffs

# After how long a handoff that failed is tried again.
RETRY_AFTER = timedelta(hours=1)


def notify_next_lead(context: Context, now: datetime) -> bool:
    """Tells of the handoff that has waited longest; False if none has waited too long."""
    workspace = handoffs.next_due_workspace(context.engine, now)
    if workspace is None:
        return False

    def notify(work: Work) -> bool:
        handoff = handoffs.lock_next_due(work.tx, now)
        if handoff is not None:
            actions.notify_lead(work, handoff)
        return handoff is not None

    def postpone(work: Work) -> None:
        handoff = handoffs.lock_next_due(work.tx, now)
        if handoff is not None:
            handoff.wake_at = now + RETRY_AFTER

    return attempt(context, workspace, now, "tell of a handoff", notify, postpone)
