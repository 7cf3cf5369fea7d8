"""Reminds of nudges that nobody answers, escalates them, and releases claims that expire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.actions.actor import CLOCK
from bot.actions.admins import notify_admins
from bot.actions.outgoing import post
from bot.actions.responses.respond import respond
from bot.actions.touchpoints import rendering, routing
from bot.actions.touchpoints.nudging import (
    is_misplaced,
    post_nudge,
    repost_elsewhere,
    repost_unseen,
)
from bot.actions.touchpoints.plays import find_play
from bot.actions.touchpoints.rendering import Pair
from bot.actions.work import Work
from bot.messages.kit.message import Message
from bot.messages.kit.text import plain
from bot.messages.touchpoints import follow_up
from bot.rules.escalation import escalation_time
from bot.rules.time.calendar import WorkingCalendar
from bot.rules.time.due import Duration, add_duration
from db.accounts import accounts
from db.core.tx import Tx
from db.models import RENEWAL, Account, Outbox, Touchpoint
from db.outbox import pending
from db.touchpoints import message_marks, touchpoints

# How long "still on it?" waits for an answer before the touchpoint is released, and how long
# people get after a reminder that came late.
CLAIM_ANSWER_TIME = Duration(1, "business days")
# How long the reminder waits for a nudge that has not been sent yet.
UNSEEN_WAIT = Duration(1, "hours")


def advance_touchpoint(work: Work, touchpoint: Touchpoint) -> None:
    """Does what is due for a touchpoint: nudge, remind, escalate, ask or release."""
    if touchpoint.state == "planned":
        post_nudge(work, touchpoint)
        return
    account = accounts.by_id(work.tx, touchpoint.account_id)
    play = find_play(work.playbook, touchpoint)
    if account is None or play is None:
        touchpoints.save(work.tx, touchpoint, wake_at=None)
        return
    if touchpoint.owner != "manager" and touchpoint.owner not in work.playbook.departments:
        touchpoints.save(work.tx, touchpoint, owner=play.owner)
    calendar = routing.touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
    if not calendar.is_open(work.now):
        touchpoints.save(work.tx, touchpoint, wake_at=calendar.next_open(work.now))
    elif touchpoint.state == "claimed":
        _expire_claim(work, touchpoint, account)
    else:
        _remind_or_escalate(work, touchpoint, account, calendar)


def _remind_or_escalate(
    work: Work, touchpoint: Touchpoint, account: Account, calendar: WorkingCalendar
) -> None:
    if pending.was_lost(work.tx, touchpoint.nudge_id):
        repost_unseen(work, touchpoint)
    elif routing.is_personal(touchpoint) and is_misplaced(work, touchpoint, account):
        repost_elsewhere(work, touchpoint, account)
        post_nudge(work, touchpoint)
    elif pending.is_waiting(work.tx, touchpoint.nudge_id):
        _wait_until_sent(work, touchpoint, calendar)
    elif touchpoint.reminded_at is None:
        _remind_when_due(work, touchpoint, account, calendar)
    elif touchpoint.escalated_at is None:
        _send_escalation(work, touchpoint, account)
    else:
        touchpoints.save(work.tx, touchpoint, wake_at=None)


def _wait_until_sent(work: Work, touchpoint: Touchpoint, calendar: WorkingCalendar) -> None:
    """Begins people's time to answer anew, as the message has not been sent yet."""
    until = add_duration(UNSEEN_WAIT, since=work.now, calendar=calendar)
    touchpoints.save(work.tx, touchpoint, nudged_at=work.now, wake_at=until)
    for each, _ in touchpoints.lock_unanswered(work.tx, work.now, nudge_id=touchpoint.nudge_id):
        touchpoints.save(work.tx, each, nudged_at=work.now, wake_at=until)
    rendering.refresh_nudge(work, touchpoint.nudge_id)


def _remind_when_due(
    work: Work, touchpoint: Touchpoint, account: Account, calendar: WorkingCalendar
) -> None:
    deadline = rendering.nudge_view(work.tx, work.playbook, touchpoint, account, calendar).deadline
    if deadline > work.now:  # its message went out late
        touchpoints.save(work.tx, touchpoint, wake_at=deadline)
    else:
        _send_reminder(work, touchpoint)


def _send_reminder(work: Work, touchpoint: Touchpoint) -> None:
    """Sends one reply in the thread for all touchpoints of the message that are due by now."""
    due = touchpoints.lock_unanswered(work.tx, work.now, nudge_id=touchpoint.nudge_id)
    fresh, marks = _drop_already_sent(work.tx, "reminder", due)
    views = [rendering.load_nudge_view(work.tx, work.playbook, *each) for each in fresh]
    _mark_reminded(work, due)
    if fresh and touchpoint.kind != RENEWAL:  # its message stands until it is decided
        root = work.tx.get(Outbox, touchpoint.nudge_id)
        message = follow_up.reminder(views, root is not None and root.lane.startswith("U"))
        key = f"reminder:{touchpoint.id}:{touchpoint.version}"
        _reply_in_thread(work, touchpoint, message, "reminder", key, marks)


def _mark_reminded(work: Work, reminded: Sequence[Pair]) -> None:
    by_time: dict[datetime | None, list[Touchpoint]] = {}
    for touchpoint, account in reminded:
        calendar = routing.touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
        # After downtime the reminder itself is late: people get a day to act on it.
        earliest = add_duration(CLAIM_ANSWER_TIME, since=work.now, calendar=calendar)
        escalate_at: datetime | None = earliest
        play = find_play(work.playbook, touchpoint)
        if play is not None:
            since = touchpoint.nudged_at or work.now
            planned = add_duration(play.escalate_after, since=since, calendar=calendar)
            escalate_at = escalation_time(play.escalation, max(planned, earliest), calendar)
        by_time.setdefault(escalate_at, []).append(touchpoint)
    for escalate_at, some in by_time.items():
        touchpoints.mark_reminded(work.tx, some, work.now, escalate_at)


def _send_escalation(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    """Sends one DM to whoever decides, for all of this owner's that have waited too long."""
    lead = routing.acting_lead(work.tx, work.playbook, touchpoint.owner)
    to = routing.escalation_recipient(work.tx, lead, touchpoint, account)
    if to is None:
        touchpoints.save(work.tx, touchpoint, escalated_at=work.now, wake_at=None)
        if lead is None:
            _report_missing_lead(work, touchpoint, account)
        return
    key = rendering.escalation_key(to, touchpoint, account, work.now)
    unanswered = [
        each
        for each in touchpoints.lock_unanswered(work.tx, work.now, owner=touchpoint.owner)
        if routing.escalation_recipient(work.tx, lead, *each) == to
        and rendering.escalation_key(to, *each, work.now) == key
    ]
    for each, _ in unanswered:
        touchpoints.save(work.tx, each, escalated_at=work.now, wake_at=None)
    fresh, marks = _drop_already_sent(work.tx, "escalation", unanswered)
    if fresh:
        message = rendering.build_escalation(work.tx, work.playbook, fresh)
        post(work, to, message, kind="escalation", key=key, marks=marks)


def _report_missing_lead(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    """Tells the admins, once a week for each department, that nobody hears of the unanswered."""
    key = routing.fallback_department(work.playbook, touchpoint.owner)
    weeks = (work.now - touchpoint.due_at) // timedelta(weeks=1) + 1
    this_week, *earlier = (
        f"no-lead:{key}:{work.now - timedelta(weeks=count):%G-%V}" for count in range(weeks + 1)
    )
    notify_admins(
        work.tx,
        f"{plain(account.name)} · {plain(touchpoint.title)} waits unanswered, and I know nobody to "
        f"tell: {work.playbook.departments[key].name} has no lead. `/linchpin settings {key} lead "
        "@name` names one. I say this once a week.",
        dedupe_key=this_week,
        now=work.now,
        or_as=earlier,  # after a restore this may run again in another week
    )


def _expire_claim(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    """Asks whoever claimed it; without an answer, or anybody to ask, it is released."""
    holder = touchpoint.by_user
    if touchpoint.asked_at is None and holder is not None and routing.can_answer(work.tx, holder):
        calendar = routing.touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
        answer_by = add_duration(CLAIM_ANSWER_TIME, since=work.now, calendar=calendar)
        touchpoints.save(work.tx, touchpoint, asked_at=work.now, wake_at=answer_by)
        fresh, marks = _drop_already_sent(work.tx, "question", [(touchpoint, account)])
        if fresh:
            view = rendering.load_nudge_view(work.tx, work.playbook, touchpoint, account)
            question = follow_up.claim_question_message(view, answer_by)
            key = rendering.question_key(touchpoint, work.now)
            # What was claimed from a list, before its nudge, has no thread: the holder gets a DM.
            _reply_in_thread(work, touchpoint, question, "question", key, marks, otherwise=holder)
        return
    respond(replace(work, by=CLOCK), touchpoint, "release")
    if touchpoint.state == "nudged":
        _mark_reminded(work, [(touchpoint, account)])
        fresh, marks = _drop_already_sent(work.tx, "free", [(touchpoint, account)])
        if fresh:
            view = rendering.load_nudge_view(work.tx, work.playbook, touchpoint, account)
            key = f"free:{touchpoint.id}:{touchpoint.version}"
            message = follow_up.released_message(view, holder)
            _reply_in_thread(work, touchpoint, message, "reminder", key, marks)


def _drop_already_sent(tx: Tx, what: str, pairs: Sequence[Pair]) -> tuple[list[Pair], list[str]]:
    """Those that were not posted before the database was restored, and their marks."""
    marks = {message_marks.touchpoint_mark(tx, what, *each): each for each in pairs}
    fresh = {mark: each for mark, each in marks.items() if message_marks.pop(tx, mark) is None}
    return list(fresh.values()), list(fresh)


def _reply_in_thread(
    work: Work,
    touchpoint: Touchpoint,
    message: Message,
    kind: str,
    key: str,
    marks: Sequence[str],
    otherwise: str | None = None,
) -> None:
    """Answers in the nudge's thread; without a nudge, sends a DM to `otherwise`."""
    root = work.tx.get(Outbox, touchpoint.nudge_id)
    if root is not None and not pending.was_lost(work.tx, root.id):
        post(work, root.lane, message, kind=kind, key=key, marks=marks, thread_of=root.id)
    elif otherwise is not None:
        post(work, otherwise, message, kind=kind, key=key, marks=marks)
