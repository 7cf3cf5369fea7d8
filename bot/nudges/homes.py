"""Shows one App Home anew: one that was opened, or whose person has changed something."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.actions import home
from bot.context import Context
from db import departments, homes
from db.tx import begin

log = logging.getLogger(__name__)


def build_one(context: Context, now: datetime) -> bool:
    """Puts the Home that has waited longest into the outbox; False if none may be built now."""
    found = homes.first_due(context.engine, now)
    if found is None:
        return False
    workspace, home_id = found
    try:
        with begin(context.engine, workspace) as tx:
            taken = homes.take(tx, home_id, now)
            if taken is not None:
                home.publish(tx, departments.in_force(tx, context.playbook), taken, now)
    except Exception:
        log.exception("home %s could not be built", home_id)
        with begin(context.engine, workspace) as tx:
            homes.give_up(tx, home_id)
        return True
    return taken is not None
