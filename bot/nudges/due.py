"""Looks at one touchpoint whose time has come: show it, escalate it, ask about a claim."""

from datetime import datetime, timedelta

from bot.actions.responses.advance import advance_touchpoint
from bot.actions.work import Work
from bot.context import Context
from bot.nudges.set_aside import attempt
from db.touchpoints import touchpoints

# After how long a touchpoint that failed is tried again.
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
