"""At a start, and once a day: customers without a term get one, some hundred at a time.

They were there before terms were counted, or another playbook has made customers of them.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.actions.actor import CLOCK
from bot.actions.terms import backfill
from bot.actions.work import Work
from bot.context import Context
from db.core import advisory_locks, workspaces
from db.core.transient_errors import is_transient
from db.core.tx import begin
from db.imports.imports import ConcurrentChange
from db.workspace import departments

log = logging.getLogger(__name__)

RECHECK_AFTER = timedelta(days=1)
_DUTY = "terms"


def begin_missing_terms(context: Context, now: datetime) -> bool:
    """Begins the missing terms of some accounts of one workspace; False when none are left."""
    if context.memory.is_idle(_DUTY, now):
        return False
    reached = context.memory.terms_up_to
    for workspace in workspaces.all_ids(context.engine):
        last = _begin_batch(context, workspace, reached.get(workspace, 0), now)
        if last is not None:
            reached[workspace] = last
            return True
    reached.clear()
    context.memory.rest(_DUTY, now, now + RECHECK_AFTER)
    return False


def _begin_batch(context: Context, workspace: str, after: int, now: datetime) -> int | None:
    """The highest account id looked at; None when there is no more to do today."""
    try:
        with begin(context.engine, workspace) as tx:
            advisory_locks.take_lock(tx, advisory_locks.CLOCK_LOCK)
            playbook = departments.in_force(tx, context.playbook_file)
            return backfill.begin_missing_terms(Work(tx, playbook, now, CLOCK), after)
    except ConcurrentChange:
        return after  # somebody began one of them at this moment: the same again
    except Exception as error:
        if is_transient(error):
            raise
        log.exception("the missing terms of %s could not be begun", workspace)
        return None
