"""What is due at a place now, posted as a list or as a nudge, and in which message each stands."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from bot.actions.digests.monday import monday_parts
from bot.actions.outgoing import post
from bot.actions.touchpoints import limits, list_rendering, nudging, rendering, routing
from bot.actions.touchpoints.nudge_views import nudge_view
from bot.actions.touchpoints.plays import find_play
from bot.actions.touchpoints.routing import Destination
from bot.actions.work import Work
from bot.messages.kit.message import Message
from bot.messages.lists.day_list import MAX_LINES, Frame, frame
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.calendar import WorkingCalendar
from db import outbox
from db.lists import lists
from db.models import PLAY, PROMISE, RENEWAL, Account, ListLine, Touchpoint, TouchpointList
from db.outbox import pending
from db.touchpoints import message_marks, touchpoints

Pair = tuple[Touchpoint, Account]
#: After so many mornings without anything new a message is posted anew.
MAX_QUIET_MORNINGS = 2
log = logging.getLogger(__name__)


def post_list(
    work: Work,
    place: Destination,
    calendar: WorkingCalendar,
    carried: Sequence[Pair],
    new: Sequence[Pair],
    *,
    departments: Sequence[str] = (),
    fold: Sequence[TouchpointList] = (),
) -> None:
    """Posts what is new and left over as one message in place of `fold`, with these digests."""
    for each in fold:
        each.folded_at = work.now
    post_lines(work, place, _ordered(work, [*carried, *new]), calendar, departments)
    for each in fold:
        rendering.refresh_nudge(work, each.nudge_id)


def post_lines(
    work: Work,
    place: Destination,
    pairs: Sequence[Pair],
    calendar: WorkingCalendar,
    departments: Sequence[str] = (),
    around: Frame | None = None,
    marks: Sequence[str] = (),
) -> int:
    """Posts these touchpoints as one message; returns its outbox id. `around` stands above and
    below the lines, and `marks` are what that is known by after a restore."""
    first, today = pairs[0][0] if pairs else None, calendar.local_date(work.now)
    nudge_id = post(
        work,
        place.channel,
        Message(place.whose),
        kind="nudge" if pairs else "digest",
        # Of the version before: another worker that posts the same at the same time has this key.
        key=f"nudge:{first.id}:{first.version}" if first else f"morning:{place.channel}:{today}",
        marks=[*marks, *(message_marks.touchpoint_mark(work.tx, "nudge", *p) for p in pairs)],
        expires_at=work.now + nudging.NUDGE_LIFETIME,
    )
    posted = TouchpointList(nudge_id=nudge_id, lane=place.channel, day=today, looked_on=today)
    work.tx.add(posted)
    most = MAX_LINES if place.person is None else len(pairs)  # a person's message hides none
    _add_lines(work, posted, pairs, first_number=1, most=most)
    parts = [monday_parts(work, key) for key in departments]
    waiting = 0 if around or len(pairs) < 2 else limits.count_waiting(work, place, calendar)
    message, _ = list_rendering.render(work, posted, around or frame(parts, waiting))
    pending.rewrite_pending(work.tx, nudge_id, message.payload())
    return nudge_id


def append_lines(work: Work, posted: TouchpointList, pairs: Sequence[Pair]) -> None:
    """Adds visible lines to a list that stands; what stood there before has its line."""
    known = {line.touchpoint_id for line, _, _ in lists.lines(work.tx, posted.nudge_id)}
    first, new = len(known) + 1, [pair for pair in pairs if pair[0].id not in known]
    _add_lines(work, posted, new, first_number=first, most=first + len(pairs))
    _mark_nudged(work, [pair for pair in pairs if pair[0].id in known], posted.nudge_id)
    rendering.refresh_nudge(work, posted.nudge_id)


def takes_lines(work: Work, posted: TouchpointList) -> bool:
    """Whether a message is a list that stands, and not one nudge."""
    was_lost = pending.was_lost(work.tx, posted.nudge_id)
    return not was_lost and lists.next_number(work.tx, posted.nudge_id) > 2


def is_stale(work: Work, posted: TouchpointList) -> bool:
    """Whether a message is to be posted anew, whatever is new: it was lost, or stands too long."""
    is_old = posted.quiet_mornings >= MAX_QUIET_MORNINGS
    return is_old or pending.was_lost(work.tx, posted.nudge_id)


def moves_on(work: Work, touchpoint: Touchpoint, account: Account) -> bool:
    """Has a touchpoint that belongs elsewhere by now shown there; says whether it does."""
    if not nudging.is_misplaced(work, touchpoint, account):
        return False
    nudging.repost_elsewhere(work, touchpoint, account)
    return True


def post_renewals(work: Work, place: Destination, due: Sequence[Pair]) -> None:
    """Posts renewals that passed; they stay until they are decided."""
    first = due[0][0]
    nudge_id = post(
        work,
        place.channel,
        Message(place.whose),
        kind="nudge",
        key=f"nudge:{first.id}:{first.version}",
        marks=[message_marks.touchpoint_mark(work.tx, "nudge", *pair) for pair in due],
    )
    shown_in = {touchpoint.nudge_id for touchpoint, _ in due} | {nudge_id}
    _mark_nudged(work, due, nudge_id)
    for each in shown_in:  # the new one too: they are open now
        rendering.refresh_nudge(work, each)


def adopt_posted(work: Work, touchpoint: Touchpoint, account: Account, place: Destination) -> bool:
    """Whether it was posted before a restore: then that message becomes its nudge."""
    mark = message_marks.touchpoint_mark(work.tx, "nudge", touchpoint, account)
    found = message_marks.pop(work.tx, mark)
    if found is None:
        return False
    lane = place.channel if found.channel.startswith("D") else found.channel
    message = {"channel": found.channel, "ts": found.ts}
    nudge_id = outbox.adopt_post(work.tx, kind="nudge", lane=lane, now=work.now, **message)
    calendar = routing.touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
    today = calendar.local_date(work.now)
    posted = lists.of_nudge(work.tx, nudge_id)
    if posted is None:
        posted = TouchpointList(nudge_id=nudge_id, lane=lane, day=today, looked_on=today)
        work.tx.add(posted)
    append_lines(work, posted, [(touchpoint, account)])
    return True


def _ordered(work: Work, pairs: Sequence[Pair]) -> list[Pair]:
    """The most consequential first, those of one play together, the ten shown before all."""
    ranked = sorted(pairs, key=lambda pair: limits.rank(work, *pair))
    shown, rest = ranked[:MAX_LINES], ranked[MAX_LINES:]
    return [*_grouped(shown), *_grouped(rest)]


def _grouped(ranked: Sequence[Pair]) -> list[Pair]:
    plays: dict[str, list[Pair]] = defaultdict(list)
    for pair in ranked:
        plays[pair[0].title].append(pair)
    return [pair for group in plays.values() for pair in group]


def _add_lines(
    work: Work, posted: TouchpointList, pairs: Sequence[Pair], *, first_number: int, most: int
) -> None:
    for number, (touchpoint, _) in enumerate(pairs, first_number):
        work.tx.add(
            ListLine(
                nudge_id=posted.nudge_id,
                touchpoint_id=touchpoint.id,
                number=number,
                hidden=number > most,
            )
        )
    _mark_nudged(work, pairs, posted.nudge_id)


def _mark_nudged(work: Work, pairs: Sequence[Pair], nudge_id: int) -> None:
    """Notes where these touchpoints stand now, and when each is looked at again."""
    new: dict[tuple[datetime | None, datetime], list[Touchpoint]] = defaultdict(list)
    carried: dict[datetime | None, list[Touchpoint]] = defaultdict(list)
    for touchpoint, account in pairs:
        look = nudging.next_look(work, touchpoint, account)
        if touchpoint.state == "planned":
            new[look, touchpoint.shown_at or work.now].append(touchpoint)
        else:
            carried[look].append(touchpoint)
    for look, some in carried.items():
        lists.move_to(work.tx, some, nudge_id, wake_at=look)
    values = {
        "state_before": None,
        "state_at": work.now,
        "nudged_at": work.now,
        "nudge_id": nudge_id,
        "by_user": None,
        "source": "clock",
        "snoozed_until": None,
        "escalated_at": None,
        "asked_at": None,
        **limits.NOT_POSTPONED,
    }
    for (look, shown_at), some in new.items():
        touchpoints.mark_nudged(work.tx, some, wake_at=look, shown_at=shown_at, **values)


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
    return is_open and not adopt_posted(work, touchpoint, account, place)


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
        post_lines(work, place, [pair], calendar)
    return [pair for pair in due if pair not in own]
