"""A channel's morning: what is due and what was left over stand in one message.

What falls due later in the day waits for the next morning, unless it was due on entry, snoozed to
that hour, or asked for by a colleague: then it is the list's next line, or a nudge.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.actions.digests.monday import monday_parts
from bot.actions.lists import escalations, posting
from bot.actions.lists.person_morning import hold_person_morning
from bot.actions.lists.posting import Pair, list_due, split_own
from bot.actions.touchpoints import nudging, routing
from bot.actions.touchpoints.plays import find_play
from bot.actions.touchpoints.rendering import refresh_nudge
from bot.actions.touchpoints.routing import Destination
from bot.actions.work import Work
from bot.rules.digests import schedule_name
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.calendar import WorkingCalendar
from db.core import workspaces
from db.lists import lists
from db.models import RENEWAL, Account, Touchpoint, TouchpointList
from db.ops import occurrences
from db.touchpoints import touchpoints
from db.workspace import departments

#: More renewals that passed than this come to a place as one message.
MAX_SEPARATE_RENEWALS = 2


def post_due(work: Work, touchpoint: Touchpoint) -> None:
    """Shows a touchpoint whose time has come with all that is due there, or lets it wait."""
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
    if place.person is not None:
        hold_person_morning(work, place.person)
        return
    today = calendar.local_date(work.now)
    due = list_due(work, place, calendar, today)
    if lists.was_posted_on(work.tx, place.channel, today):
        _add_later(work, place, calendar, split_own(work, place, calendar, due), today)
        return
    standing = lists.standing(work.tx, place.channel)
    carried = [
        pair
        for pair in lists.lock_open(work.tx, [each.nudge_id for each in standing])
        if pair[0].state == "nudged" and not posting.moves_on(work, *pair)
    ]
    escalations.escalate(work, carried)
    digests = _take_digests(work, place, calendar)
    new = split_own(work, place, calendar, due)
    left_in = {touchpoint.nudge_id for touchpoint, _ in carried}
    is_stale = any(posting.is_stale(work, each) for each in standing)
    if digests or new or len(left_in) > 1 or (left_in and is_stale):
        posting.post_list(work, place, calendar, carried, new, departments=digests, fold=standing)
    else:
        _stay(work, standing, carried, today)


def hold_monday(work: Work, key: str) -> None:
    """Posts a department's digest where no list does and there is something to tell."""
    if monday_parts(work, key).is_empty:
        return
    place = routing.department_place(work.tx, work.playbook, key)
    calendar = work.playbook.calendar(key)
    if place is not None and calendar.is_open(work.now):
        hold_morning(work, place, calendar)


def _add_later(
    work: Work, place: Destination, calendar: WorkingCalendar, new: Sequence[Pair], today: date
) -> None:
    """Adds what comes during the day to the list of the day; without one it is a message."""
    if not new:
        return
    standing = lists.standing(work.tx, place.channel)
    current = next((each for each in reversed(standing) if posting.takes_lines(work, each)), None)
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


def _take_digests(work: Work, place: Destination, calendar: WorkingCalendar) -> list[str]:
    """The departments whose digest heads a place's list now: the week's first; noted as posted."""
    today = calendar.local_date(work.now)
    monday = today - timedelta(days=today.weekday())
    if calendar.on_or_after(monday) > today:
        return []
    return [
        key
        for key in place.departments
        if departments.channel(work.tx, work.playbook, key) == place.channel
        and _last_run(work, key, calendar) < monday
        and occurrences.record_run(
            work.tx, schedule_name(key), monday, work.now, occurrences.POSTED
        )
    ]


def _last_run(work: Work, key: str, calendar: WorkingCalendar) -> date:
    """The Monday of the last digest, or the day on which the workspace began."""
    workspace = workspaces.current(work.tx)
    began = calendar.local_date(workspace.created_at) if workspace else date.max
    return max(began, occurrences.last_run_dates(work.tx).get(schedule_name(key), began))
