"""Does what is due for a touchpoint: shows it, looks at it each morning, asks about a claim."""

from __future__ import annotations

from datetime import timedelta

from bot.actions.lists import claims, escalations
from bot.actions.lists.morning import hold_morning, post_due
from bot.actions.lists.person_morning import hold_person_morning
from bot.actions.touchpoints import nudging, routing
from bot.actions.touchpoints.plays import find_play
from bot.actions.work import Work
from db.accounts import accounts
from db.lists import lists
from db.models import RENEWAL, Account, Touchpoint
from db.outbox import pending
from db.touchpoints import touchpoints

# How long the clock waits for a message that has not been sent yet.
UNSENT_WAIT = timedelta(hours=1)


def advance_touchpoint(work: Work, touchpoint: Touchpoint) -> None:
    """Does what is due for a touchpoint, by its state."""
    if touchpoint.state == "planned":
        post_due(work, touchpoint)
        return
    account = accounts.by_id(work.tx, touchpoint.account_id)
    play = find_play(work.playbook, touchpoint)
    if account is None or play is None:
        touchpoints.save(work.tx, touchpoint, wake_at=None)
        return
    if touchpoint.owner != "manager" and touchpoint.owner not in work.playbook.departments:
        touchpoints.save(work.tx, touchpoint, owner=play.owner)
    calendar = routing.touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
    if touchpoint.state == "claimed":
        _expire_claim(work, touchpoint)
    elif not calendar.is_open(work.now):
        touchpoints.save(work.tx, touchpoint, wake_at=calendar.next_open(work.now))
    else:
        _look_at_shown(work, touchpoint, account)


def _look_at_shown(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    """A shown touchpoint's morning, or the time of its escalation."""
    if nudging.is_misplaced(work, touchpoint, account):
        nudging.repost_elsewhere(work, touchpoint, account)
        return
    if pending.was_lost(work.tx, touchpoint.nudge_id):
        _post_again(work, touchpoint, account)
        return
    if pending.is_waiting(work.tx, touchpoint.nudge_id):  # people's time begins when they see it
        until = work.now + UNSENT_WAIT
        touchpoints.save(work.tx, touchpoint, nudged_at=work.now, wake_at=until)
        return
    place = routing.find_destination(work.tx, work.playbook, touchpoint, account)
    calendar = routing.touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
    escalations.escalate(work, [(touchpoint, account)])
    if place is not None and touchpoint.kind != RENEWAL:
        hold_morning(work, place, calendar)
    if touchpoint.wake_at is not None and touchpoint.wake_at <= work.now:
        wake_at = nudging.next_look(work, touchpoint, account)
        touchpoints.save(work.tx, touchpoint, wake_at=wake_at)


def _post_again(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    """Posts a lost message again: at once if it never came, in a morning if it was deleted."""
    calendar = routing.touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
    place = routing.find_destination(work.tx, work.playbook, touchpoint, account)
    morning = calendar.morning(work.now)
    if pending.was_deleted(work.tx, touchpoint.nudge_id) and morning > work.now:
        touchpoints.save(work.tx, touchpoint, wake_at=morning)
    elif place is None or lists.of_nudge(work.tx, touchpoint.nudge_id or 0) is None:
        nudging.reset_to_planned(work, touchpoint)
        post_due(work, touchpoint)
    else:
        for each in lists.standing(work.tx, place.channel):  # the morning is held anew
            each.looked_on -= timedelta(days=1)
        work.tx.flush()
        hold_morning(work, place, calendar)


def _expire_claim(work: Work, touchpoint: Touchpoint) -> None:
    """Asks whoever claimed it in their morning; without anybody to ask, it is released."""
    holder = touchpoint.by_user
    if holder is not None and routing.can_answer(work.tx, holder):
        hold_person_morning(work, holder)
    else:
        claims.release(work, touchpoint)
    if touchpoint.state == "planned":  # released
        post_due(work, touchpoint)
