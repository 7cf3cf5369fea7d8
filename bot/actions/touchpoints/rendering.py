"""How a touchpoint's messages look now, and bringing those that were said up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.actions.touchpoints.plays import find_play
from bot.actions.touchpoints.routing import (
    MANAGER,
    acting_lead,
    escalation_recipient,
    find_destination,
    touchpoint_calendar,
)
from bot.actions.work import Work
from bot.messages.kit.message import Message
from bot.messages.kit.parts import mention
from bot.messages.touchpoints import follow_up
from bot.messages.touchpoints import nudge as nudges
from bot.rules import touchpoint_verbs
from bot.rules.decisions import is_redecision
from bot.rules.playbook.playbook import Playbook
from bot.rules.time.calendar import WorkingCalendar
from bot.rules.time.due import add_duration
from db import outbox
from db.core.tx import Tx
from db.models import Account, Touchpoint
from db.outbox import pending
from db.touchpoints import reactions, touchpoints

Pair = tuple[Touchpoint, Account]


def nudge_view(
    playbook: Playbook, touchpoint: Touchpoint, account: Account, calendar: WorkingCalendar
) -> nudges.Nudge:
    """What a message has to know of a touchpoint; `calendar` is its owner's."""
    play = find_play(playbook, touchpoint)
    # What outlives moves helps the decision that the customer faces now.
    stage = playbook.stage(touchpoint.stage if touchpoint.follows_playbook else account.stage)
    since = touchpoint.nudged_at or touchpoint.due_at
    return nudges.Nudge(
        id=touchpoint.id,
        account=account.name,
        title=touchpoint.title,
        ask=play.ask if play else "",
        helps=play.helps if play else "",
        decision=stage.decision if stage else "",
        # By when an answer is hoped for: the time of the reminder.
        deadline=add_duration(play.remind_after, since=since, calendar=calendar) if play else since,
        state=touchpoint.state,
        state_at=touchpoint.state_at,
        by=touchpoint.by_user,
        snoozed_until=touchpoint.snoozed_until,
        reason=touchpoint.note,
        kind=touchpoint.kind,
        redecides=touchpoint.follows_playbook and is_redecision(playbook, touchpoint.stage),
        asks_for=play.asks_for if play else None,
    )


def load_nudge_view(
    tx: Tx, playbook: Playbook, touchpoint: Touchpoint, account: Account
) -> nudges.Nudge:
    """The same, with the owner's calendar looked up."""
    calendar = touchpoint_calendar(tx, playbook, touchpoint, account)
    return nudge_view(playbook, touchpoint, account, calendar)


def update_messages(
    work: Work, touchpoint: Touchpoint, account: Account, *, asked_at: datetime | None = None
) -> None:
    """Brings every message about a touchpoint up to date: nudge, escalation, "still on it?".

    `asked_at` is when "still on it?" was asked, if it was and has now been answered.
    """
    refresh_nudge(work, touchpoint.nudge_id)
    if touchpoint.escalated_at is not None:
        _refresh_escalation(work, touchpoint, account)
    if asked_at is not None:
        shown = load_nudge_view(work.tx, work.playbook, touchpoint, account)
        _show_by_key(
            work.tx,
            question_key(touchpoint, asked_at),
            follow_up.claim_answered_message(shown),
            False,
            work.now,
        )


def refresh_nudge(
    work: Work, nudge_id: int | None, left: Sequence[nudges.Nudge] = (), why: str = ""
) -> None:
    """Brings the message that tells of these touchpoints up to date.

    `left` are touchpoints that it told of and that are told of elsewhere now, and `why`.
    """
    if nudge_id is None:
        return
    pending.lock_message(work.tx, nudge_id)
    told = touchpoints.list_of_nudge(work.tx, nudge_id)
    if not told:
        _replace_message(work.tx, nudge_id, nudges.remaining_nudges(left, why), False, work.now)
        return
    first, account = told[0]
    place = find_destination(work.tx, work.playbook, first, account)
    views = [load_nudge_view(work.tx, work.playbook, *each) for each in told]
    if len(views) == 1 and views[0].is_open:
        views = [replace(views[0], spent=_ignored_reactions(work.tx, nudge_id))]
    live = any(touchpoint.state in touchpoints.NUDGED_STATES for touchpoint, _ in told)
    message = render_nudge(views, place.whose if place else "", place.command if place else "/next")
    _replace_message(work.tx, nudge_id, message, live, work.now)


def _ignored_reactions(tx: Tx, nudge_id: int) -> tuple[tuple[str, str], ...]:
    """(sign, user) of the reactions that stand on the message and no longer count."""
    return tuple(
        (touchpoint_verbs.VERBS[meaning].sign, each.user_id)
        for each in reactions.list_ignored(tx, nudge_id)
        if (meaning := touchpoint_verbs.meaning(each.name)) is not None
    )


def render_nudge(views: Sequence[nudges.Nudge], whose: str, command: str) -> Message:
    """The message of touchpoints that were, or are to be, said together."""
    return (
        nudges.single_nudge(views[0])
        if len(views) == 1
        else nudges.grouped_nudge(views, whose, command)
    )


def escalation_key(to: str, touchpoint: Touchpoint, account: Account, at: datetime) -> str:
    """Names the message that escalates this touchpoint together with others of its owner."""
    whose = f"manager {account.manager_id}" if touchpoint.owner == MANAGER else touchpoint.owner
    if touchpoint.person_id is not None:
        whose = f"person {touchpoint.person_id}"
    return f"escalation:{to}:{whose}:{at.isoformat()}"


def build_escalation(
    tx: Tx, playbook: Playbook, told: Sequence[Pair], since: datetime | None = None
) -> Message:
    """The message about touchpoints of one owner that nobody has taken."""
    touchpoint, account = told[0]
    views = [load_nudge_view(tx, playbook, *each) for each in told]
    first = min(each.nudged_at or each.due_at for each, _ in told)
    return follow_up.escalation(views, owner_name(playbook, touchpoint, account), first)


def owner_name(playbook: Playbook, touchpoint: Touchpoint, account: Account) -> str:
    """The department's name, or the person or the manager as a mention."""
    if touchpoint.person_id is not None:
        return mention(touchpoint.person_id)
    if touchpoint.owner == MANAGER and account.manager_id is not None:
        return mention(account.manager_id)
    department = playbook.departments.get(touchpoint.owner)
    return department.name if department else "its manager"


def question_key(touchpoint: Touchpoint, asked_at: datetime) -> str:
    """Names the "still on it?" that was asked then."""
    return f"question:{touchpoint.id}:{asked_at.isoformat()}"


def _refresh_escalation(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    at = touchpoint.escalated_at
    lead = acting_lead(work.tx, work.playbook, touchpoint.owner)
    to = escalation_recipient(work.tx, lead, touchpoint, account)
    if at is None or to is None:
        return
    key = escalation_key(to, touchpoint, account, at)
    pending.lock_message(work.tx, pending.find_by_key(work.tx, key))
    told = [
        each
        for each in touchpoints.list_escalated_at(work.tx, at, touchpoint.owner)
        if escalation_recipient(work.tx, lead, *each) == to and escalation_key(to, *each, at) == key
    ]
    live = any(each.state in touchpoints.NUDGED_STATES for each, _ in told)
    _show_by_key(work.tx, key, build_escalation(work.tx, work.playbook, told), live, work.now)


def _show_by_key(tx: Tx, key: str, message: Message, live: bool, now: datetime) -> None:
    row_id = pending.find_by_key(tx, key)
    if row_id is not None:
        pending.lock_message(tx, row_id)
        _replace_message(tx, row_id, message, live, now)


def _replace_message(tx: Tx, row_id: int, message: Message, live: bool, now: datetime) -> None:
    """A new face for a message. One that nobody has seen yet is changed where it waits, or taken
    back when nothing in it is open any more."""
    if live and pending.rewrite_pending(tx, row_id, message.payload()):
        return
    if not live and outbox.cancel(tx, row_id):
        return
    if not live:
        pending.cancel_replies(tx, row_id)
    if pending.may_be_in_slack(tx, row_id):
        version = pending.next_version(tx, row_id)
        payload = message.payload()
        outbox.enqueue_update(tx, target=row_id, version=version, payload=payload, now=now)
