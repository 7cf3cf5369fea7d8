"""At a start, and once a day: customers without a term get one, and terms without plays theirs,
some hundred at a time; an admin hears once who was named before contacts were kept. A customer has
none after an upgrade from a version without terms, or when another playbook makes customers of
accounts."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.actions.contacts import earlier
from bot.actions.terms import backfill
from bot.actions.work import Work
from bot.context import Context
from db.core import advisory_locks, workspaces
from db.core.transient_errors import is_transient
from db.imports.imports import ConcurrentChange

log = logging.getLogger(__name__)

RECHECK_AFTER = timedelta(days=1)
_DUTY = "terms"
Step = Callable[[Work, int], int | None]


def _tell_admin(work: Work, _after: int) -> None:
    earlier.tell_admin(work)


_STEPS: tuple[Step, ...] = (backfill.begin_missing_terms, backfill.plan_missing_plays, _tell_admin)


def begin_missing_terms(context: Context, now: datetime) -> bool:
    """Begins the missing terms of some accounts of one workspace, or plans the plays of terms that
    have none; False when none are left."""
    if context.memory.is_idle(_DUTY, now):
        return False
    reached = context.memory.terms_up_to
    for workspace in workspaces.all_ids(context.engine):
        for step in _STEPS:
            mark = f"{workspace} {step.__name__}"
            last = _do_batch(context, workspace, step, reached.get(mark, 0), now)
            if last is not None:
                reached[mark] = last
                return True
    reached.clear()
    context.memory.rest(_DUTY, now, now + RECHECK_AFTER)
    return False


def _do_batch(
    context: Context, workspace: str, step: Step, after: int, now: datetime
) -> int | None:
    """The highest account id looked at; None when there is no more to do today."""
    try:
        with context.begin(now, workspace=workspace) as work:
            advisory_locks.take_lock(work.tx, advisory_locks.CLOCK_LOCK)
            return step(work, after)
    except ConcurrentChange:
        return after  # somebody has just begun one of them: the same batch again
    except Exception as error:
        if is_transient(error):
            raise
        log.exception("%s failed for %s", step.__name__, workspace)
        return None
