"""Looks at one cycle that is two thirds over: has its value grown?"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.actions import growth
from bot.context import Context
from db import cycles, departments
from db.passing import is_transient
from db.tx import begin

# A cycle that cannot be looked at must not stop the others: it is tried again after this.
SET_ASIDE = timedelta(hours=1)

log = logging.getLogger(__name__)


def look_at_one(context: Context, now: datetime) -> bool:
    """Looks at the cycle that has waited longest; False if there is none for us."""
    found = cycles.first_to_check(context.engine, now)
    if found is None:
        return False
    workspace, cycle_id = found
    try:
        with begin(context.engine, workspace) as tx:
            cycle = cycles.hold(tx, cycle_id)
            if cycle is None or cycle.check_at is None:
                return False  # another worker is at it
            growth.look(tx, departments.in_force(tx, context.playbook), cycle, now)
    except Exception as error:
        if is_transient(error):
            raise  # nothing is wrong with the cycle: the next tick tries again
        log.exception("cycle %s could not be looked at", cycle_id)
        with begin(context.engine, workspace) as tx:
            cycles.set_aside(tx, cycle_id, now + SET_ASIDE)
    return True
