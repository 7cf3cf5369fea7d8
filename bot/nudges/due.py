"""Looks at one touchpoint whose time has come: nudge, reminder, escalation, expired claim."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.actions.actor import CLOCK
from bot.actions.responses.reminders import advance_touchpoint
from bot.actions.work import Work
from bot.context import Context
from bot.nudges.set_aside import attempt
from bot.rules.playbook.playbook import Playbook
from db.core.tx import Tx
from db.touchpoints import touchpoints

# A touchpoint that cannot be said must not stop the others: it is tried again after this.
RETRY_AFTER = timedelta(hours=1)


def handle_next_touchpoint(context: Context, now: datetime) -> bool:
    """Does what the clock owes to the touchpoint that has waited longest; False if none has."""
    found = touchpoints.next_to_check(context.engine, now)
    if found is None:
        return False
    workspace, touchpoint_id = found

    def look(tx: Tx, playbook: Playbook) -> bool:
        nonlocal touchpoint_id
        touchpoint = touchpoints.lock_next_to_check(tx, now)
        if touchpoint is None:
            return False  # another worker or a person is at it
        touchpoint_id = touchpoint.id
        advance_touchpoint(Work(tx, playbook, now, CLOCK), touchpoint)
        touchpoints.postpone_check_if_due(tx, touchpoint_id, now, now + RETRY_AFTER)
        return True

    def set_aside(tx: Tx) -> None:
        touchpoints.postpone_check(tx, touchpoint_id, now + RETRY_AFTER)

    return attempt(context, workspace, "look at a touchpoint", look, set_aside, otherwise=True)
