"""Asks one person on the last working day of their week for the lines that are missing."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.actions.answers import weekly
from bot.actions.work import Work
from bot.context import Context
from bot.nudges.set_aside import attempt, read_work
from db.core import workspaces
from db.ops import occurrences

#: What is done meanwhile is noticed after this at the latest.
RECHECK_AFTER = timedelta(minutes=15)
_DUTY = "answers"


def ask_for_answers(context: Context, now: datetime) -> bool:
    """Sends one person's question; False if none is due."""
    if context.memory.is_idle(_DUTY, now):
        return False
    until = now + RECHECK_AFTER
    for workspace in workspaces.all_ids(context.engine):
        with read_work(context, workspace, now) as work:
            found = weekly.next_question(work)
        if found is None:
            continue
        user, at = found
        if at <= now:
            return _ask(context, workspace, now, user)
        until = min(until, at)
    context.memory.rest(_DUTY, now, until)
    return False


def next_answers_at(work: Work) -> datetime | None:
    """When somebody of this workspace is asked next; None when nothing is missing."""
    found = weekly.next_question(work)
    return found[1] if found else None


def _ask(context: Context, workspace: str, now: datetime, user: str) -> bool:
    def post(work: Work) -> bool:
        return weekly.ask(work, user)

    def give_up(work: Work) -> None:
        weekly.ask(work, user, occurrences.FAILED)

    asked = attempt(context, workspace, now, f"ask {user} for answers", post, give_up)
    context.wake()
    return asked
