"""Holds the morning of one person for whom something waits that no touchpoint's time brings up:
news, questions, claims, the lines that are missing of a week, and messages that stand."""

from datetime import datetime, timedelta

from bot.actions.lists.next_mornings import next_morning
from bot.actions.lists.person_morning import hold_person_morning
from bot.actions.work import Work
from bot.context import Context
from bot.nudges.set_aside import attempt
from db.core import workspaces

#: What is done meanwhile is noticed after this at the latest.
RECHECK_AFTER = timedelta(minutes=5)
#: A morning that failed is tried again after this.
RETRY_AFTER = timedelta(hours=1)
_DUTY = "mornings"


def hold_next_morning(context: Context, now: datetime) -> bool:
    """Holds one person's morning; False if none is due."""
    if context.memory.is_idle(_DUTY, now):
        return False
    until = now + RECHECK_AFTER
    for workspace in workspaces.all_ids(context.engine):
        with context.read(now, workspace=workspace) as work:
            found = next_morning(work, _failed(context, now))
        if found is not None and found[1] <= now:
            return _hold(context, workspace, now, found[0])
        if found is not None:
            until = min(until, found[1])
    context.memory.rest(_DUTY, now, until)
    return False


def _failed(context: Context, now: datetime) -> set[str]:
    """Whose morning could not be held a moment ago."""
    return {user for user, at in context.memory.broken_mornings.items() if now - at < RETRY_AFTER}


def _hold(context: Context, workspace: str, now: datetime, user: str) -> bool:
    def hold(work: Work) -> bool:
        hold_person_morning(work, user)
        return True

    def set_aside(_work: Work) -> None:
        context.memory.broken_mornings[user] = now

    held = attempt(context, workspace, now, f"hold the morning of {user}", hold, set_aside)
    context.wake()
    return held
