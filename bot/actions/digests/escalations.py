"""What nobody took in time in the departments that somebody leads, for their digest."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col

from bot.actions.digests.portfolio import MOST
from bot.actions.touchpoints.labels import owner_label
from bot.actions.touchpoints.plays import find_play
from bot.actions.touchpoints.routing import acting_lead, escalation_recipient
from bot.actions.work import Work
from bot.messages.digests.personal import Untaken
from bot.rules.facts.standing import late_since, overdue_days
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.due import add_duration
from db.models import Account, Touchpoint
from db.touchpoints import standing


def list_untaken(work: Work, user_id: str) -> list[Untaken]:
    """What is unclaimed past its `escalate_after` and waits for the reader's digest, the longest
    first; the rest was told at once, or is told nobody."""
    leads = {key: acting_lead(work.tx, work.playbook, key) for key in _owners(work)}
    if user_id not in leads.values():
        return []
    led = [key for key, lead in leads.items() if lead == user_id]
    where = (standing.is_unclaimed(work.now), col(Touchpoint.owner).in_(led))
    pairs = standing.list_pairs(work.tx, standing.soonest(work.now), MOST, *where)
    late = [
        (touchpoint, account)
        for touchpoint, account in pairs
        if escalation_recipient(work.tx, user_id, touchpoint, account) == user_id
        and _is_late(work, touchpoint)
    ]
    return [_untaken(work, *pair) for pair in late]


def _owners(work: Work) -> Sequence[str]:
    return (*work.playbook.departments, MANAGER)


def _is_late(work: Work, touchpoint: Touchpoint) -> bool:
    play = find_play(work.playbook, touchpoint)
    if play is None or play.escalation != "weekly":
        return False
    calendar = work.playbook.calendar(touchpoint.owner)
    since = late_since(touchpoint)
    return add_duration(play.escalate_after, since=since, calendar=calendar) <= work.now


def _untaken(work: Work, touchpoint: Touchpoint, account: Account) -> Untaken:
    calendar = work.playbook.calendar(touchpoint.owner)
    return Untaken(
        account.name,
        touchpoint.title,
        owner_label(work.playbook, touchpoint.owner, None),
        overdue_days(work.playbook, touchpoint, work.now),
        calendar.local_date(touchpoint.due_at),
    )
