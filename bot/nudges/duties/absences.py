"""Begins or ends one absence, and hands on the work of one person who has left."""

import logging
from datetime import datetime

from bot.actions.members import away as actions
from bot.actions.members import offboarding
from bot.actions.work import Work
from bot.context import Context
from bot.nudges.set_aside import attempt
from db.members import away

log = logging.getLogger(__name__)


def begin_or_end_one(context: Context, now: datetime) -> bool:
    """Begins or ends the absence that has been due longest; False if none is due."""
    workspace = away.next_due(context.engine, now)
    if workspace is None:
        return False
    with context.begin(now, workspace=workspace) as work:
        absence = away.due(work.tx, now)
        if absence is None:
            return False
        change = actions.begin_absence if absence.began_at is None else actions.end_absence
        change(work, absence)
    context.wake()
    return True


def offboard_next(context: Context, now: datetime) -> bool:
    """Hands on what somebody who has left was responsible for; False if nobody has left."""
    workspace = away.next_leaver_workspace(context.engine)
    if workspace is None:
        return False

    def offboard(work: Work) -> bool:
        leaver = away.lock_next_leaver(work.tx)
        if leaver is not None:
            offboarding.offboard_member(work, leaver)
        return leaver is not None

    def keep_work(work: Work) -> None:
        # Routing finds somebody for what an absent person has: it is nudged all the same.
        leaver = away.lock_next_leaver(work.tx)
        if leaver is not None:
            leaver.leaving_since = None
            log.error("%s keeps their work", leaver.user_id)

    if not attempt(context, workspace, now, "hand on a leaver's work", offboard, keep_work):
        return False
    context.wake()
    return True
