"""Looks at one touchpoint whose time has come: nudge, reminder, escalation, expired claim."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.actions.follow_ups import wake
from bot.context import Context
from db import departments, touchpoints
from db.passing import is_transient
from db.tx import begin

# A touchpoint that cannot be said must not stop the others: it is tried again after this.
SET_ASIDE = timedelta(hours=1)

log = logging.getLogger(__name__)


def open_one(context: Context, now: datetime) -> bool:
    """Does what the clock owes to the touchpoint that has waited longest; False if none has."""
    found = touchpoints.next_to_wake(context.engine, now)
    if found is None:
        return False
    workspace, touchpoint_id = found
    try:
        with begin(context.engine, workspace) as tx:
            touchpoint = touchpoints.to_wake(tx, now)
            if touchpoint is None:
                return False  # another worker or a person is at it
            touchpoint_id = touchpoint.id or 0
            wake(tx, departments.in_force(tx, context.playbook), touchpoint, now)
            touchpoints.never_twice_at_once(tx, touchpoint_id, now, now + SET_ASIDE)
    except Exception as error:
        if is_transient(error):
            raise  # nothing is wrong with the touchpoint: the next tick tries again
        log.exception("touchpoint %s could not be looked at", touchpoint_id)
        with begin(context.engine, workspace) as tx:
            touchpoints.set_aside(tx, touchpoint_id, now + SET_ASIDE)
    return True
