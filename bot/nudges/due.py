"""Looks at one touchpoint whose time has come: nudge, reminder, escalation, expired claim."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.actions.actor import CLOCK
from bot.actions.responses.reminders import wake
from bot.actions.work import Work
from bot.context import Context
from bot.nudges.set_aside import attempt
from bot.rules.playbook.playbook import Playbook
from db.core.tx import Tx
from db.touchpoints import touchpoints

# A touchpoint that cannot be said must not stop the others: it is tried again after this.
SET_ASIDE = timedelta(hours=1)


def open_one(context: Context, now: datetime) -> bool:
    """Does what the clock owes to the touchpoint that has waited longest; False if none has."""
    found = touchpoints.next_to_wake(context.engine, now)
    if found is None:
        return False
    workspace, touchpoint_id = found

    def look(tx: Tx, playbook: Playbook) -> bool:
        nonlocal touchpoint_id
        touchpoint = touchpoints.to_wake(tx, now)
        if touchpoint is None:
            return False  # another worker or a person is at it
        touchpoint_id = touchpoint.id
        wake(Work(tx, playbook, now, CLOCK), touchpoint)
        touchpoints.never_twice_at_once(tx, touchpoint_id, now, now + SET_ASIDE)
        return True

    def set_aside(tx: Tx) -> None:
        touchpoints.set_aside(tx, touchpoint_id, now + SET_ASIDE)

    return attempt(context, workspace, "look at a touchpoint", look, set_aside, otherwise=True)
