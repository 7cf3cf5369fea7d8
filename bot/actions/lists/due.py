"""What is due at a place now."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date

from bot.actions.lists import posting
from bot.actions.lists.posting import Pair
from bot.actions.touchpoints import limits, nudging, routing
from bot.actions.touchpoints.nudge_views import nudge_view
from bot.actions.touchpoints.plays import find_play
from bot.actions.touchpoints.routing import Destination
from bot.actions.work import Work
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.calendar import WorkingCalendar
from db.models import PLAY, PROMISE, RENEWAL, Account, Touchpoint
from db.touchpoints import touchpoints

log = logging.getLogger(__name__)


def list_due(work: Work, place: Destination, calendar: WorkingCalendar, today: date) -> list[Pair]:
    """What may be shown at a place now; the rest waits for the next morning or for room."""
    opening, next_morning = calendar.opening(today), nudging.next_morning(calendar, work.now)
    due = []
    for touchpoint, account in _find_due(work, place):
        wake_at = touchpoint.wake_at
        if (wake_at is not None and wake_at <= opening) or _comes_at_once(work, touchpoint):
            due.append((touchpoint, account))
        else:
            touchpoints.save(work.tx, touchpoint, wake_at=next_morning)
    admitted = limits.apply_limits(work, due, place)
    return [pair for pair in due if pair[0].id in admitted]


def _find_due(work: Work, place: Destination) -> list[Pair]:
    """Everything that is due at a place, oldest first. What fails is put off."""
    due, owners, people = [], place.departments, None
    if place.person is not None:
        owners = (MANAGER,)
        people = [place.person, *routing.delegators_of(work.tx, place.person)]
    elif work.playbook.without_manager in owners:
        owners = (*owners, MANAGER)
    for touchpoint, account in touchpoints.lock_due(work.tx, work.now, owners, people):
        try:
            if _is_due_here(work, touchpoint, account, place):
                due.append((touchpoint, account))
        except Exception:  # one broken row must not silence a whole channel
            log.exception("touchpoint %s cannot be said", touchpoint.id)
            until = work.now + nudging.RECHECK_AFTER
            touchpoints.postpone_check(work.tx, touchpoint.id, until)
    return due


def _is_due_here(work: Work, touchpoint: Touchpoint, account: Account, place: Destination) -> bool:
    where = routing.find_destination(work.tx, work.playbook, touchpoint, account)
    if where is None or where.channel != place.channel or touchpoint.kind == RENEWAL:
        return False
    if nudging.cancel_if_outdated(work, touchpoint, account):
        return False
    calendar = routing.touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
    is_open = calendar.is_open(work.now)
    nudge_view(work, touchpoint, account)  # what cannot be shown is put off alone
    return is_open and not posting.adopt_posted(work, touchpoint, account, place)


def _comes_at_once(work: Work, touchpoint: Touchpoint) -> bool:
    """Whether it is shown during the day as well."""
    if touchpoint.kind != PLAY or touchpoint.snoozed_until or touchpoint.nudged_at:
        return True
    play = find_play(work.playbook, touchpoint)
    return play is not None and play.due.kind == "on entry"


def split_own(
    work: Work, place: Destination, calendar: WorkingCalendar, due: Sequence[Pair]
) -> list[Pair]:
    """Posts the promises of today, which stand in messages of their own; returns the others."""
    own = [pair for pair in due if pair[0].kind == PROMISE and pair[0].shown_at is None]
    for pair in own:
        posting.post_lines(work, place, [pair], calendar)
    return [pair for pair in due if pair not in own]
