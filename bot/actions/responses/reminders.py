"""Does what is due for a touchpoint: shows it, looks at it each morning, asks about a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.actions.actor import CLOCK
from bot.actions.lists import escalations
from bot.actions.lists.morning import hold_morning, post_due
from bot.actions.outgoing import post
from bot.actions.responses.respond import respond
from bot.actions.touchpoints import nudging, rendering, routing
from bot.actions.touchpoints.nudge_views import nudge_view
from bot.actions.touchpoints.plays import find_play
from bot.actions.touchpoints.rendering import Pair
from bot.actions.work import Work
from bot.messages.kit.message import Message
from bot.messages.touchpoints import follow_up
from bot.rules.time.due import Duration, add_duration
from db.accounts import accounts
from db.core.tx import Tx
from db.models import RENEWAL, Account, Outbox, Touchpoint
from db.outbox import pending
from db.touchpoints import message_marks, touchpoints

# How long "still on it?" waits for an answer before the touchpoint is released.
CLAIM_ANSWER_TIME = Duration(1, "business days")
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
    if not calendar.is_open(work.now):
        touchpoints.save(work.tx, touchpoint, wake_at=calendar.next_open(work.now))
    elif touchpoint.state == "claimed":
        _expire_claim(work, touchpoint, account)
    else:
        _look_at_shown(work, touchpoint, account)


def _look_at_shown(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    """A shown touchpoint's morning, or the time of its escalation."""
    if pending.was_lost(work.tx, touchpoint.nudge_id):
        nudging.reset_to_planned(work.tx, touchpoint, work.now)
        post_due(work, touchpoint)
        return
    if nudging.is_misplaced(work, touchpoint, account):
        nudging.repost_elsewhere(work, touchpoint, account)
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


def _expire_claim(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    """Asks whoever claimed it; without an answer, or anybody to ask, it is released."""
    holder = touchpoint.by_user
    if touchpoint.asked_at is None and holder is not None and routing.can_answer(work.tx, holder):
        calendar = routing.touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
        answer_by = add_duration(CLAIM_ANSWER_TIME, since=work.now, calendar=calendar)
        touchpoints.save(work.tx, touchpoint, asked_at=work.now, wake_at=answer_by)
        fresh, marks = _drop_already_sent(work.tx, "question", [(touchpoint, account)])
        if fresh:
            view = nudge_view(work, touchpoint, account)
            question = follow_up.claim_question_message(view, answer_by)
            key = rendering.question_key(touchpoint, work.now)
            # What was claimed from a list, before its nudge, has no thread: the holder gets a DM.
            _reply_in_thread(work, touchpoint, question, "question", key, marks, otherwise=holder)
        return
    respond(replace(work, by=CLOCK), touchpoint, "release")
    if touchpoint.state == "nudged":
        fresh, marks = _drop_already_sent(work.tx, "free", [(touchpoint, account)])
        if fresh:
            view = nudge_view(work, touchpoint, account)
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
