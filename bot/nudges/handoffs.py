"""Tells a lead of one handoff that nobody has accepted in time."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.actions import handoffs as actions
from bot.context import Context
from db import departments, handoffs
from db.passing import is_transient
from db.tx import begin

log = logging.getLogger(__name__)

# One that cannot be told must not stop the others.
SET_ASIDE = timedelta(hours=1)


def tell_one(context: Context, now: datetime) -> bool:
    """Deals with the handoff that has waited longest; False if none has waited too long."""
    workspace = handoffs.next_to_wake(context.engine, now)
    if workspace is None:
        return False
    handoff_id = None
    try:
        with begin(context.engine, workspace) as tx:
            handoff = handoffs.to_wake(tx, now)
            if handoff is None:
                return False
            handoff_id = handoff.id
            actions.tell_lead(tx, departments.in_force(tx, context.playbook), handoff, now)
    except Exception as error:
        if is_transient(error):
            raise
        log.exception("handoff %s could not be told", handoff_id)
        with begin(context.engine, workspace) as tx:
            found = handoffs.to_wake(tx, now)
            if found is not None:
                found.wake_at = now + SET_ASIDE
    return True
