"""A channel's morning: what is due and what was left over stand in one message.

What falls due later in the day waits for the next morning, unless it was due on entry, snoozed to
that hour, or asked for by a colleague: then it is the list's next line, or a nudge.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date

from bot.actions.lists import escalations, mondays, posting
from bot.actions.lists.posting import Pair
from bot.actions.touchpoints import limits, nudging, routing
from bot.actions.touchpoints.nudge_views import nudge_view
from bot.actions.touchpoints.plays import find_play
from bot.actions.touchpoints.rendering import refresh_nudge
from bot.actions.touchpoints.routing import Destination
from bot.actions.work import Work
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.calendar import WorkingCalendar
from db.lists import lists
from db.models import PLAY, PROMISE, RENEWAL, Account, Touchpoint, TouchpointList
from db.touchpoints import touchpoints

log = logging.getLogger(__name__)

#: After so many mornings without a new line the list is posted anew.
MAX_QUIET_MORNINGS = 2
#: More renewals that passed than this come to a place as one message.
MAX_SEPARATE_RENEWALS = 2


def post_due(work: Work, touchpoint: Touchpoint) -> None:
    """Shows a planned touchpoint whose time has come, with all that is due at its place.

    Outside its owner's working hours it waits for the next opening; one that no longer applies is
    cancelled; one without a channel waits, and the admins are told.
    """
    account = work.tx.get(Account, touchpoint.account_id)
    assert account is not None
    if nudging.cancel_if_outdated(work, touchpoint, account):
        return
    play = find_play(work.playbook, touchpoint)
    if play is not None and play.owner != touchpoint.owner:  # the playbook has changed since
        touchpoints.save(work.tx, touchpoint, owner=play.owner)
    calendar = routing.touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
    if not calendar.is_open(work.now):
        touchpoints.save(work.tx, touchpoint, wake_at=calendar.next_open(work.now))
        return
    place = routing.find_destination(work.tx, work.playbook, touchpoint, account)
    if place is None:
        nudging.wait_for_channel(work, touchpoint)
    elif touchpoint.kind == RENEWAL:
        _post_renewals(work, place, touchpoint)
    else:
        hold_morning(work, place, calendar)


def hold_morning(work: Work, place: Destination, calendar: WorkingCalendar) -> None:
    """Posts what is due at a place in its morning, or adds what comes later in the day."""
    today = calendar.local_date(work.now)
    due = list_due(work, place, calendar, today)
    if lists.was_posted_on(work.tx, place.channel, today):
        _add_later(work, place, calendar, _split_own(work, place, calendar, due), today)
        return
    standing = lists.standing(work.tx, place.channel)
    carried = [
        pair
        for pair in lists.lock_open(work.tx, [each.nudge_id for each in standing])
        if pair[0].state == "nudged" and not posting.moves_on(work, *pair)
    ]
    escalations.escalate(work, carried)
    digests = mondays.take_due(work, place, calendar)
    new = _split_own(work, place, calendar, due)
    left_in = {touchpoint.nudge_id for touchpoint, _ in carried}
    is_stale = any(each.quiet_mornings >= MAX_QUIET_MORNINGS for each in standing)
    if digests or new or len(left_in) > 1 or (left_in and is_stale):
        posting.post_list(work, place, calendar, carried, new, departments=digests, fold=standing)
    else:
        _stay(work, standing, carried, today)


def hold_monday(work: Work, key: str) -> None:
    """Posts a department's digest, as the head of its list, where nothing else does."""
    place = routing.department_place(work.tx, work.playbook, key)
    calendar = work.playbook.calendar(key)
    if place is not None and calendar.is_open(work.now):
        hold_morning(work, place, calendar)


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


def _split_own(
    work: Work, place: Destination, calendar: WorkingCalendar, due: Sequence[Pair]
) -> list[Pair]:
    """Posts the promises of today, which stand in messages of their own; returns the others."""
    own = [pair for pair in due if pair[0].kind == PROMISE and pair[0].shown_at is None]
    for pair in own:
        posting.post_lines(work, place, [pair], calendar)
    return [pair for pair in due if pair not in own]


def _add_later(
    work: Work, place: Destination, calendar: WorkingCalendar, new: Sequence[Pair], today: date
) -> None:
    """Adds what comes during the day to the list of the day; without one it is a message."""
    if not new:
        return
    standing = lists.standing(work.tx, place.channel)
    current = next((each for each in reversed(standing) if posting.is_list(work, each)), None)
    if current is None:
        posting.post_list(work, place, calendar, [], new)
    else:
        posting.append_lines(work, current, new)


def _stay(
    work: Work, standing: Sequence[TouchpointList], carried: Sequence[Pair], today: date
) -> None:
    """A morning without a new line: the message stays where it is, with today's date and ages."""
    for touchpoint, account in carried:
        wake_at = nudging.next_look(work, touchpoint, account)
        touchpoints.save(work.tx, touchpoint, wake_at=wake_at)
    open_in = {touchpoint.nudge_id for touchpoint, _ in carried}
    for each in standing:
        if each.nudge_id in open_in:
            each.looked_on, each.quiet_mornings = today, each.quiet_mornings + 1
            refresh_nudge(work, each.nudge_id)


def _post_renewals(work: Work, place: Destination, touchpoint: Touchpoint) -> None:
    """Renewals that passed stand in messages of their own; many of them in one."""
    owners = (*place.departments, MANAGER)
    people = [place.person] if place.person else None
    due = [
        pair
        for pair in touchpoints.lock_due(work.tx, work.now, owners, people)
        if pair[0].kind == RENEWAL
        and routing.find_destination(work.tx, work.playbook, *pair) == place
        and not posting.adopt_posted(work, *pair, place)
    ]
    if len(due) <= MAX_SEPARATE_RENEWALS:
        due = [pair for pair in due if pair[0].id == touchpoint.id]
    if due:
        posting.post_renewals(work, place, due)
