"""Builds a touchpoint's messages, and updates those that were posted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.actions.outgoing import edit
from bot.actions.touchpoints import list_rendering, routing
from bot.actions.touchpoints.nudge_views import nudge_view
from bot.actions.touchpoints.plays import find_play
from bot.actions.work import Work
from bot.messages.kit.message import Message
from bot.messages.kit.text import mention
from bot.messages.touchpoints import follow_up
from bot.messages.touchpoints import nudge as nudges
from bot.rules.playbook.playbook import MANAGER, Play, Playbook
from db import outbox
from db.lists import lists
from db.models import Account, Touchpoint
from db.outbox import pending
from db.touchpoints import touchpoints

Pair = tuple[Touchpoint, Account]

_URGENT_DAYS = 2


def update_messages(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    """Updates every message about a touchpoint: the one it stands in, and its escalation."""
    refresh_nudge(work, touchpoint.nudge_id)
    if touchpoint.escalated_at is not None and _has_own_escalation(work, touchpoint):
        _refresh_escalation(work, touchpoint, account)


def refresh_nudge(
    work: Work, nudge_id: int | None, left: Sequence[nudges.Nudge] = (), why: str = ""
) -> None:
    """Updates the message that a touchpoint was posted in.

    `left` are the touchpoints that it showed and that are shown elsewhere now, and `why`.
    """
    if nudge_id is None:
        return
    pending.lock_message(work.tx, nudge_id)
    posted = lists.of_nudge(work.tx, nudge_id)
    if posted is not None:
        rendered = list_rendering.render(work, posted, why=why)
        _replace_message(work, nudge_id, rendered.message, live=rendered.is_open)
        return
    pairs = touchpoints.list_of_nudge(work.tx, nudge_id)
    if not pairs:
        _replace_message(work, nudge_id, nudges.remaining_nudges(left, why), live=False)
        return
    message = render_together(work, pairs)
    _replace_message(work, nudge_id, message, live=_is_live(pairs))


def render_together(work: Work, pairs: Sequence[Pair]) -> Message:
    """The message of renewals that have passed, alone or several at once."""
    views = [nudge_view(work, *each) for each in pairs]
    if len(views) == 1:
        return nudges.single_nudge(views[0])
    place = routing.find_destination(work.tx, work.playbook, *pairs[0])
    return nudges.grouped_nudge(
        views, place.whose if place else "", place.command if place else "/next"
    )


def escalation_key(to: str, touchpoint: Touchpoint, account: Account, at: datetime) -> str:
    """The key of the message that escalates this touchpoint with others of its owner."""
    whose = f"manager {account.manager_id}" if touchpoint.owner == MANAGER else touchpoint.owner
    if touchpoint.person_id is not None:
        whose = f"person {touchpoint.person_id}"
    return f"escalation:{to}:{whose}:{at.isoformat()}"


def build_escalation(work: Work, pairs: Sequence[Pair]) -> Message:
    """The message about touchpoints of one owner that nobody has taken."""
    views = [nudge_view(work, *each) for each in pairs]
    first = min(each.shown_at or each.due_at for each, _ in pairs)
    return follow_up.escalation(views, owner_name(work.playbook, *pairs[0]), first)


def owner_name(playbook: Playbook, touchpoint: Touchpoint, account: Account) -> str:
    """The department's name, or the person or the manager as a mention."""
    if touchpoint.person_id is not None:
        return mention(touchpoint.person_id)
    if touchpoint.owner == MANAGER and account.manager_id is not None:
        return mention(account.manager_id)
    department = playbook.departments.get(touchpoint.owner)
    return department.name if department else "its manager"


def is_urgent(play: Play) -> bool:
    """Whether it escalates in a message of its own, and not in somebody's next morning."""
    return play.escalation == "at once" and play.escalate_after.rough_days < _URGENT_DAYS


def _has_own_escalation(work: Work, touchpoint: Touchpoint) -> bool:
    play = find_play(work.playbook, touchpoint)
    return play is not None and is_urgent(play)


def _refresh_escalation(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    at = touchpoint.escalated_at
    lead = routing.acting_lead(work.tx, work.playbook, touchpoint.owner)
    to = routing.escalation_recipient(work.tx, lead, touchpoint, account)
    if at is None or to is None:
        return
    key = escalation_key(to, touchpoint, account, at)
    pending.lock_message(work.tx, pending.find_by_key(work.tx, key))
    pairs = [
        each
        for each in touchpoints.list_escalated_at(work.tx, at, touchpoint.owner)
        if _has_own_escalation(work, each[0])
        and routing.escalation_recipient(work.tx, lead, *each) == to
        and escalation_key(to, *each, at) == key
    ]
    message = build_escalation(work, pairs)
    _replace_by_key(work, key, message, live=_is_live(pairs))


def _is_live(pairs: Sequence[Pair]) -> bool:
    return any(touchpoint.state in touchpoints.NUDGED_STATES for touchpoint, _ in pairs)


def _replace_by_key(work: Work, key: str, message: Message, *, live: bool) -> None:
    row_id = pending.find_by_key(work.tx, key)
    if row_id is not None:
        pending.lock_message(work.tx, row_id)
        _replace_message(work, row_id, message, live=live)


def _replace_message(work: Work, row_id: int, message: Message, *, live: bool) -> None:
    """Updates a message. One that was not sent yet is changed in the outbox, or cancelled when
    nothing in it is open any more (not `live`)."""
    if live:
        done = pending.rewrite_pending(work.tx, row_id, message.payload())
    else:
        done = outbox.cancel(work.tx, row_id)
        if not done:
            pending.cancel_replies(work.tx, row_id)
    if not done and pending.may_be_in_slack(work.tx, row_id):
        edit(work, row_id, message)
