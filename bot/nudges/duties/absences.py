"""Begins or ends one absence, and looks after the work of one person who has left."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.actions.members import away as actions
from bot.actions.members import offboarding
from bot.context import Context
from db.core.transient_errors import is_transient
from db.core.tx import begin
from db.members import away

log = logging.getLogger(__name__)


def begin_or_end_one(context: Context, now: datetime) -> bool:
    """Begins or ends the absence whose time came first; False if none's has."""
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
    """Gives away what somebody who has left had; False if nobody has."""
    workspace = away.next_leaver_workspace(context.engine)
    if workspace is None:
        return False
    user_id = None
    try:
        with context.begin(now, workspace=workspace) as work:
            who = away.lock_next_leaver(work.tx)
            if who is None:
                return False
            user_id = who.user_id
            offboarding.offboard_member(work, who)
    except Exception as error:
        if is_transient(error):
            raise
        # What is theirs is nudged where nobody answers for them all the same: bot/actions/places.
        log.exception("the work of %s could not be given away", user_id)
        with begin(context.engine, workspace) as tx:
            who = away.lock_next_leaver(tx)
            if who is not None:
                who.leaving_since = None
    context.wake()
    return True
