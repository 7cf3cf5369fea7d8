"""Asks managers of whom nothing was recorded for two weeks, and a week later offers their lead to
set a cover."""

from datetime import datetime, timedelta
from typing import Final

from bot.actions.outgoing import post
from bot.actions.touchpoints.routing import acting_lead, can_answer, manager_calendar
from bot.actions.work import Work
from bot.messages.members import away as messages
from bot.rules.playbook.playbook import MANAGER
from db.members import away, inactivity, members
from db.models import Occurrence
from db.ops import occurrences

#: Nothing recorded for so long, with something open: holidays that nobody entered look like this.
INACTIVE_AFTER: Final = timedelta(weeks=2)
#: How long the manager has to answer before the lead hears.
LEAD_HEARS_AFTER: Final = timedelta(weeks=1)
_ASKED, _TOLD = "asked", "lead told"


def ask_inactive(work: Work) -> int:
    """Asks, or tells the lead, once for each time somebody is inactive; returns how often."""
    return sum(_ask_or_tell(work, user, count) for user, count in _list_inactive(work).items())


def list_asked(work: Work) -> dict[str, datetime]:
    """Who is inactive and was asked about it, and when that was."""
    asked = {user: _last_question(work, user) for user in _list_inactive(work)}
    return {user: question.ran_at for user, question in asked.items() if question is not None}


def _list_inactive(work: Work) -> dict[str, int]:
    """Manager -> how many of their touchpoints are open; by name of the manager."""
    since = work.now - INACTIVE_AFTER
    waiting = inactivity.list_waiting(work.tx, since)
    if not waiting:
        return {}
    quiet = set(waiting) - inactivity.list_active(work.tx, since) - set(away.covers(work.tx))
    return {user: waiting[user] for user in sorted(quiet) if can_answer(work.tx, user)}


def _last_question(work: Work, user: str) -> Occurrence | None:
    return inactivity.last_question(work.tx, _schedule(user), work.now - 2 * INACTIVE_AFTER)


def _schedule(user: str) -> str:
    return f"inactive:{user}"


def _ask_or_tell(work: Work, user: str, count: int) -> bool:
    schedule, last = _schedule(user), _last_question(work, user)
    if last is not None and (last.outcome == _TOLD or work.now - last.ran_at < LEAD_HEARS_AFTER):
        return False
    outcome = _ASKED if last is None else _TOLD
    today = work.playbook.calendar(MANAGER).local_date(work.now)
    if not occurrences.record_run(work.tx, schedule, today, work.now, outcome):
        return False
    if last is None:
        reader, message = user, messages.question(count, user)
    else:
        lead, member = (
            acting_lead(work.tx, work.playbook, MANAGER),
            members.by_user_id(work.tx, user),
        )
        if lead is None or lead == user or member is None:
            return False
        reader = lead
        message = messages.offer_cover(members.name(work.tx, user), member.id, count)
    at = manager_calendar(work.tx, work.playbook, reader).next_open(work.now)
    key = f"{schedule}:{outcome}:{today.isoformat()}"
    post(work, reader, message, kind="away", key=key, due_at=at)
    return True
