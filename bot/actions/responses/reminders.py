"""What follows a nudge that nobody answers, and a claim that nothing comes of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.actions.actor import CLOCK
from bot.actions.admins import tell_admins
from bot.actions.responses.respond import act
from bot.actions.touchpoints import neglect
from bot.actions.touchpoints.nudging import cancel, hand_over, nudge, say_again
from bot.actions.touchpoints.plays import play_of
from bot.actions.touchpoints.rendering import (
    Told,
    escalation,
    escalation_key,
    question_key,
    refresh,
    view,
    view_of,
)
from bot.actions.touchpoints.routing import (
    calendar_of,
    can_answer,
    decider,
    destination,
    is_personal,
    lead_of,
    stand_in,
)
from bot.actions.work import Work
from bot.messages.kit.message import Message
from bot.messages.kit.parts import plain
from bot.messages.touchpoints import follow_up
from bot.rules.playbook.playbook import Playbook
from bot.rules.time.calendar import WorkingCalendar
from bot.rules.time.due import Duration, later
from db import outbox
from db.accounts import accounts
from db.core.tx import Tx
from db.models import Account, Outbox, Touchpoint
from db.outbox import pending
from db.touchpoints import message_marks, touchpoints

# How long «still on it?» waits for an answer before the touchpoint goes back to everybody, and how
# long people get after a reminder that came late.
ANSWER_TIME = Duration(1, "business days")
# A nudge that stands in a parked lane has not been seen: its reminder waits.
UNSEEN_WAIT = Duration(1, "hours")


def wake(work: Work, touchpoint: Touchpoint) -> None:
    """Does what the clock owes a touchpoint: nudge, remind, escalate, ask or release."""
    if touchpoint.state == "planned":
        nudge(work, touchpoint)
        return
    account = accounts.by_id(work.tx, touchpoint.account_id)
    play = play_of(work.playbook, touchpoint)
    if account is None or play is None:
        touchpoints.change(work.tx, touchpoint, wake_at=None)
        return
    if (reason := neglect.over(work, touchpoint, account)) is not None:
        cancel(work, touchpoint, reason)
        return
    if touchpoint.owner != "manager" and touchpoint.owner not in work.playbook.departments:
        touchpoints.change(work.tx, touchpoint, owner=play.owner)
    calendar = calendar_of(work.tx, work.playbook, touchpoint, account)
    if not calendar.is_open(work.now):
        touchpoints.change(work.tx, touchpoint, wake_at=calendar.next_open(work.now))
    elif touchpoint.state == "claimed":
        _claim_expired(work, touchpoint, account)
    else:
        _unanswered(work, touchpoint, account)


def _unanswered(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    calendar = calendar_of(work.tx, work.playbook, touchpoint, account)
    if pending.was_lost(work.tx, touchpoint.nudge_id):
        say_again(work, touchpoint)
    elif _belongs_elsewhere(work.tx, work.playbook, touchpoint, account):
        hand_over(work, touchpoint, account)
        nudge(work, touchpoint)
    elif pending.is_waiting(work.tx, touchpoint.nudge_id):
        _wait_unseen(work, touchpoint, calendar)
    elif touchpoint.reminded_at is None:
        _remind_when_due(work, touchpoint, account, calendar)
    elif touchpoint.escalated_at is None:
        _escalate(work, touchpoint, account)
    else:
        touchpoints.change(work.tx, touchpoint, wake_at=None)


def _belongs_elsewhere(
    tx: Tx, playbook: Playbook, touchpoint: Touchpoint, account: Account
) -> bool:
    """Whether a person's touchpoint stands where that person no longer answers, or is no more."""
    root = tx.get(Outbox, touchpoint.nudge_id)
    if not is_personal(touchpoint) or root is None:
        return False
    place = destination(tx, playbook, touchpoint, account)
    return place is not None and place.channel != root.lane


def _wait_unseen(work: Work, touchpoint: Touchpoint, calendar: WorkingCalendar) -> None:
    """Its message has not gone out yet: people's time to answer has not begun either."""
    until = later(UNSEEN_WAIT, since=work.now, calendar=calendar)
    touchpoints.change(work.tx, touchpoint, nudged_at=work.now, wake_at=until)
    for each, _ in touchpoints.unanswered(work.tx, work.now, nudge_id=touchpoint.nudge_id):
        touchpoints.change(work.tx, each, nudged_at=work.now, wake_at=until)
    refresh(work, touchpoint.nudge_id)


def _remind_when_due(
    work: Work, touchpoint: Touchpoint, account: Account, calendar: WorkingCalendar
) -> None:
    deadline = view(work.playbook, touchpoint, account, calendar).deadline
    if deadline > work.now:  # its message went out late
        touchpoints.change(work.tx, touchpoint, wake_at=deadline)
    else:
        _remind(work, touchpoint)


def _remind(work: Work, touchpoint: Touchpoint) -> None:
    """One reply in the thread for all that the message tells of and that is due with this one."""
    told = touchpoints.unanswered(work.tx, work.now, nudge_id=touchpoint.nudge_id)
    fresh, marks = _not_told_before(work.tx, "reminder", told)
    shown = [view_of(work.tx, work.playbook, *each) for each in fresh]
    _mark_reminded(work, told)
    if not fresh:
        return
    root = work.tx.get(Outbox, touchpoint.nudge_id)
    to_one_person = root is not None and root.lane.startswith("U")
    key = f"reminder:{touchpoint.id}:{touchpoint.version}"
    message = follow_up.reminder(shown, to_one_person)
    _in_thread(work.tx, touchpoint, message, "reminder", key, work.now, marks)


def _mark_reminded(work: Work, told: Sequence[Told]) -> None:
    by_time: dict[datetime, list[Touchpoint]] = {}
    for touchpoint, account in told:
        calendar = calendar_of(work.tx, work.playbook, touchpoint, account)
        # After downtime the reminder itself is late: people get a day to act on it.
        escalate_at = later(ANSWER_TIME, since=work.now, calendar=calendar)
        play = play_of(work.playbook, touchpoint)
        if play is not None:
            since = touchpoint.nudged_at or work.now
            planned = later(play.escalate_after, since=since, calendar=calendar)
            escalate_at = max(planned, escalate_at)
        by_time.setdefault(escalate_at, []).append(touchpoint)
    for escalate_at, some in by_time.items():
        touchpoints.mark_reminded(work.tx, some, work.now, escalate_at)


def _escalate(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    """One DM to whoever decides, for all of this owner's that have waited too long by now."""
    lead = lead_of(work.tx, work.playbook, touchpoint.owner)
    to = decider(work.tx, lead, touchpoint, account)
    if to is None:
        touchpoints.change(work.tx, touchpoint, escalated_at=work.now, wake_at=None)
        if lead is None:
            _tell_nobody_leads(work, touchpoint, account)
        return
    key = escalation_key(to, touchpoint, account, work.now)
    told = [
        each
        for each in touchpoints.unanswered(work.tx, work.now, owner=touchpoint.owner)
        if decider(work.tx, lead, *each) == to and escalation_key(to, *each, work.now) == key
    ]
    for each, _ in told:
        touchpoints.change(work.tx, each, escalated_at=work.now, wake_at=None)
    fresh, marks = _not_told_before(work.tx, "escalation", told)
    if fresh:
        outbox.enqueue_post(
            work.tx,
            dedupe_key=key,
            kind="escalation",
            channel=to,
            payload=escalation(work.tx, work.playbook, fresh).payload(),
            now=work.now,
            marks=marks,
        )


def _tell_nobody_leads(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    """An unanswered nudge that nobody would hear of: the admins do, once a week a department."""
    key = stand_in(work.playbook, touchpoint.owner)
    weeks = (work.now - touchpoint.due_at) // timedelta(weeks=1) + 1
    earlier = [work.now - timedelta(weeks=count) for count in range(1, weeks + 1)]
    tell_admins(
        work.tx,
        f"{plain(account.name)} · {plain(touchpoint.title)} waits unanswered, and I know nobody to "
        f"tell: {work.playbook.departments[key].name} has no lead. `/linchpin settings {key} lead "
        "@name` names one. I say this once a week.",
        dedupe_key=_no_lead(key, work.now),
        now=work.now,
        # After a restore it comes here again, perhaps in another week than it did.
        or_as=[_no_lead(key, week) for week in earlier],
    )


def _no_lead(department: str, now: datetime) -> str:
    return f"no-lead:{department}:{now:%G-%V}"


def _claim_expired(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    """Asks whoever has it; without an answer, or anybody to ask, it is everybody's again."""
    holder = touchpoint.by_user
    if touchpoint.asked_at is None and holder is not None and can_answer(work.tx, holder):
        calendar = calendar_of(work.tx, work.playbook, touchpoint, account)
        answer_by = later(ANSWER_TIME, since=work.now, calendar=calendar)
        touchpoints.change(work.tx, touchpoint, asked_at=work.now, wake_at=answer_by)
        fresh, marks = _not_told_before(work.tx, "question", [(touchpoint, account)])
        question = follow_up.still_on_it(
            view_of(work.tx, work.playbook, touchpoint, account), answer_by
        )
        key = question_key(touchpoint, work.now)
        if fresh:
            # What was claimed from a list, before its nudge, has no thread: the holder gets a DM.
            _in_thread(
                work.tx, touchpoint, question, "question", key, work.now, marks, otherwise=holder
            )
        return
    act(replace(work, by=CLOCK), touchpoint, "release")
    if touchpoint.state == "nudged":
        _mark_reminded(work, [(touchpoint, account)])
        fresh, marks = _not_told_before(work.tx, "free", [(touchpoint, account)])
        shown = view_of(work.tx, work.playbook, touchpoint, account)
        key = f"free:{touchpoint.id}:{touchpoint.version}"
        if fresh:
            free = follow_up.free_again(shown, holder)
            _in_thread(work.tx, touchpoint, free, "reminder", key, work.now, marks)


def _not_told_before(tx: Tx, what: str, told: Sequence[Told]) -> tuple[list[Told], list[str]]:
    """Those that were not told of before the database was restored, and their marks."""
    marks = {message_marks.mark_of(tx, what, *each): each for each in told}
    fresh = {mark: each for mark, each in marks.items() if message_marks.take(tx, mark) is None}
    return list(fresh.values()), list(fresh)


def _in_thread(
    tx: Tx,
    touchpoint: Touchpoint,
    message: Message,
    kind: str,
    key: str,
    now: datetime,
    marks: Sequence[str],
    otherwise: str | None = None,
) -> None:
    """An answer in the nudge's thread; without a nudge, a DM to `otherwise`."""
    root = tx.get(Outbox, touchpoint.nudge_id)
    if root is not None and pending.was_lost(tx, root.id):
        root = None
    channel = root.lane if root is not None else otherwise
    if channel is None:
        return
    outbox.enqueue_post(
        tx,
        dedupe_key=key,
        kind=kind,
        channel=channel,
        payload=message.payload(),
        now=now,
        thread_of=root.id if root is not None else None,
        marks=marks,
    )
