"""Lets accounts into the stage that their renewal brings them to, when managers are at work."""

import logging
from datetime import datetime, timedelta

from bot.actions.lifecycle import entering
from bot.context import Context
from bot.rules.playbook.playbook import MANAGER
from db.core import advisory_locks, workspaces
from db.core.transient_errors import is_transient

log = logging.getLogger(__name__)

#: New renewal dates are noticed after this at the latest.
RECHECK_AFTER = timedelta(minutes=5)
_DUTY = "entering"


def enter_stages(context: Context, now: datetime) -> bool:
    """Moves some accounts of one workspace; False if none has to move now."""
    if context.memory.is_idle(_DUTY, now):
        return False
    until = now + RECHECK_AFTER
    for workspace in workspaces.all_ids(context.engine):
        with context.read(now, workspace=workspace) as work:
            calendar = work.playbook.calendar(MANAGER)
            is_due = calendar.is_open(now) and bool(entering.find_due(work))
        if is_due and _enter_some(context, workspace, now):
            context.wake()
            return True
        if not calendar.is_open(now):
            until = min(until, calendar.next_open(now))
    context.memory.rest(_DUTY, now, until)
    return False


def _enter_some(context: Context, workspace: str, now: datetime) -> bool:
    try:
        with context.begin(now, workspace=workspace) as work:
            advisory_locks.take_lock(work.tx, advisory_locks.CLOCK_LOCK)
            return entering.enter_due(work) > 0
    except Exception as error:
        if is_transient(error):
            raise
        log.exception("accounts of %s could not enter their stage", workspace)
        return False
