"""Looks at one row whose time has come: a touchpoint, a handoff, a Home, an absence, a leaver."""

import logging
from datetime import datetime, timedelta

from bot.actions.handoffs.handoffs import notify_lead
from bot.actions.members import away as absences
from bot.actions.members import offboarding
from bot.actions.responses.advance import advance_touchpoint
from bot.actions.views import home
from bot.actions.work import Work
from bot.context import Context
from bot.nudges.set_aside import attempt
from db.handoffs import handoffs
from db.home import home as rows
from db.members import away
from db.touchpoints import touchpoints

log = logging.getLogger(__name__)

# After how long what failed is tried again.
RETRY_AFTER = timedelta(hours=1)


def handle_next_touchpoint(context: Context, now: datetime) -> bool:
    """Handles the touchpoint that has been due longest; False if none is due."""
    due = touchpoints.next_to_check(context.engine, now)
    if due is None:
        return False
    workspace, touchpoint_id = due

    def advance(work: Work) -> bool:
        nonlocal touchpoint_id
        touchpoint = touchpoints.lock_next_to_check(work.tx, now)
        if touchpoint is None:
            return False  # another worker or a person is at it
        touchpoint_id = touchpoint.id
        advance_touchpoint(work, touchpoint)
        touchpoints.postpone_check_if_due(work.tx, touchpoint_id, now, now + RETRY_AFTER)
        return True

    def postpone(work: Work) -> None:
        touchpoints.postpone_check(work.tx, touchpoint_id, now + RETRY_AFTER)

    return attempt(context, workspace, now, "look at a touchpoint", advance, postpone)


def notify_next_lead(context: Context, now: datetime) -> bool:
    """Tells of the handoff that has waited longest; False if none has waited too long."""
    workspace = handoffs.next_due_workspace(context.engine, now)
    if workspace is None:
        return False

    def notify(work: Work) -> bool:
        handoff = handoffs.lock_next_due(work.tx, now)
        if handoff is not None:
            notify_lead(work, handoff)
        return handoff is not None

    def postpone(work: Work) -> None:
        handoff = handoffs.lock_next_due(work.tx, now)
        if handoff is not None:
            handoff.wake_at = now + RETRY_AFTER

    return attempt(context, workspace, now, "tell of a handoff", notify, postpone)


def build_next_home(context: Context, now: datetime) -> bool:
    """Puts the Home that has waited longest into the outbox; False if none may be built now."""
    due = rows.first_to_build(context.engine, now)
    if due is None:
        return False
    workspace, home_id = due

    def build(work: Work) -> bool:
        row = rows.claim_build(work.tx, home_id, now)
        if row is not None:
            home.publish_home(work, row)
        return row is not None

    def give_up(work: Work) -> None:
        rows.abandon_build(work.tx, home_id)

    return attempt(context, workspace, now, f"build home {home_id}", build, give_up)


def begin_or_end_one(context: Context, now: datetime) -> bool:
    """Begins or ends the absence that has been due longest; False if none is due."""
    workspace = away.next_due(context.engine, now)
    if workspace is None:
        return False
    with context.begin(now, workspace=workspace) as work:
        absence = away.due(work.tx, now)
        if absence is None:
            return False
        change = absences.begin_absence if absence.began_at is None else absences.end_absence
        change(work, absence)
    context.wake()
    return True


def offboard_next(context: Context, now: datetime) -> bool:
    """Hands on what somebody who has left was responsible for; False if nobody has left."""
    workspace = away.next_leaver_workspace(context.engine, now)
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
