"""Builds a touchpoint's messages, and updates those that were posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.actions.outgoing import edit
from bot.actions.touchpoints import routing
from bot.actions.touchpoints.plays import find_play, records_of
from bot.actions.work import Work
from bot.messages.accounts.value import amount
from bot.messages.kit.message import Message
from bot.messages.kit.money import renewal
from bot.messages.kit.text import mention
from bot.messages.touchpoints import follow_up
from bot.messages.touchpoints import nudge as nudges
from bot.rules import touchpoint_verbs
from bot.rules.decisions import is_redecision, renewal_answers
from bot.rules.facts.live import is_live
from bot.rules.playbook.playbook import MANAGER, Play, Playbook
from bot.rules.time.calendar import WorkingCalendar
from bot.rules.time.due import add_duration
from bot.rules.value import measure_terms
from db import outbox
from db.accounts import value
from db.contracts import contracts
from db.core.tx import Tx
from db.models import RENEWAL, Account, Touchpoint
from db.outbox import pending
from db.touchpoints import reactions, touchpoints

Pair = tuple[Touchpoint, Account]


def nudge_view(
    tx: Tx, playbook: Playbook, touchpoint: Touchpoint, account: Account, calendar: WorkingCalendar
) -> nudges.Nudge:
    """A touchpoint as messages show it; `calendar` is its owner's."""
    play = find_play(playbook, touchpoint)
    # What stays open when the account moves helps the decision that the customer faces now, but a
    # gap of a brief was asked about the renewal.
    stays = touchpoint.follows_playbook or touchpoint.kind == "gap"
    stage = playbook.stage(touchpoint.stage if stays else account.stage)
    since = touchpoint.nudged_at or touchpoint.due_at
    today = calendar.local_date(since)
    is_before = play is not None and play.due.kind == "before renewal"
    return nudges.Nudge(
        id=touchpoint.id,
        account=account.name,
        title=touchpoint.title,
        ask=_ask_text(play, account) if play else "",
        helps=play.helps if play else "",
        decision=stage.decision if stage else "",
        # When the reminder comes.
        deadline=add_duration(play.remind_after, since=since, calendar=calendar) if play else since,
        state=touchpoint.state,
        state_at=touchpoint.state_at,
        by=touchpoint.by_user,
        snoozed_until=touchpoint.snoozed_until,
        reason=touchpoint.note,
        kind=touchpoint.kind,
        redecides=touchpoint.follows_playbook and is_redecision(playbook, touchpoint.stage),
        asks_for=play.asks_for if play else None,
        renewal=_renewal_text(tx, playbook, account, today) if is_before else "",
        records=records_of(playbook, touchpoint),
        answers=renewal_answers(playbook, account.stage) if touchpoint.kind == RENEWAL else (),
        answer=touchpoint.answer,
        answered_at=touchpoint.answered_at,
    )


def _ask_text(play: Play, account: Account) -> str:
    """What is asked; where it is due by a renewal date that nobody knows, this is said too."""
    if play.due.kind != "before renewal" or account.renews_on is not None:
        return play.ask
    return f"{play.ask} No renewal date is known: a year after the term began is assumed."


def load_nudge_view(
    tx: Tx, playbook: Playbook, touchpoint: Touchpoint, account: Account
) -> nudges.Nudge:
    """The same, with the owner's calendar looked up."""
    calendar = routing.touchpoint_calendar(tx, playbook, touchpoint, account)
    view = nudge_view(tx, playbook, touchpoint, account, calendar)
    return replace(view, total=_value_total(tx, touchpoint, account)) if view.answer else view


def _renewal_text(tx: Tx, playbook: Playbook, account: Account, today: date) -> str:
    """When the account renews, and what is at stake then."""
    if account.renews_on is None or not is_live(playbook, account):
        return ""
    worth = contracts.stakes(tx, [account], playbook.value.currency).get(account.id)
    return renewal(account.renews_on, today, worth)


def _value_total(tx: Tx, touchpoint: Touchpoint, account: Account) -> str:
    """ "confirmed this term: EUR 52,000 (last term: EUR 41,000)", for a line about value."""
    if touchpoint.records != "value":
        return ""
    tallies = value.account_tallies(tx, account.id)
    last, this = measure_terms(tallies, (account.term - 1, account.term))
    before = f" (last term: {amount(last.confirmed, last.currency)})" if last.confirmed else ""
    return f"confirmed this term: {amount(this.confirmed, this.currency)}{before}"


def update_messages(
    work: Work, touchpoint: Touchpoint, account: Account, *, asked_at: datetime | None = None
) -> None:
    """Updates every message about a touchpoint: nudge, escalation, "still on it?".

    `asked_at` is when "still on it?" was asked, if it was and has now been answered.
    """
    refresh_nudge(work, touchpoint.nudge_id)
    if touchpoint.escalated_at is not None:
        _refresh_escalation(work, touchpoint, account)
    if asked_at is not None:
        view = load_nudge_view(work.tx, work.playbook, touchpoint, account)
        message = follow_up.claim_answered_message(view)
        _replace_by_key(work, question_key(touchpoint, asked_at), message, live=False)


def refresh_nudge(
    work: Work, nudge_id: int | None, left: Sequence[nudges.Nudge] = (), why: str = ""
) -> None:
    """Updates the message that a nudge was posted as.

    `left` are the touchpoints that it showed and that are shown elsewhere now, and `why`.
    """
    if nudge_id is None:
        return
    pending.lock_message(work.tx, nudge_id)
    pairs = touchpoints.list_of_nudge(work.tx, nudge_id)
    if not pairs:
        _replace_message(work, nudge_id, nudges.remaining_nudges(left, why), live=False)
        return
    place = routing.find_destination(work.tx, work.playbook, *pairs[0])
    views = [load_nudge_view(work.tx, work.playbook, *each) for each in pairs]
    if len(views) == 1 and views[0].is_open:
        ignored = tuple(  # reactions that are on the message and no longer count
            (touchpoint_verbs.VERBS[meaning].sign, each.user_id)
            for each in reactions.list_ignored(work.tx, nudge_id)
            if (meaning := touchpoint_verbs.meaning(each.name)) is not None
        )
        views = [replace(views[0], ignored=ignored)]
    message = render_nudge(views, place.whose if place else "", place.command if place else "/next")
    _replace_message(work, nudge_id, message, live=_is_live(pairs))


def render_nudge(views: Sequence[nudges.Nudge], whose: str, command: str) -> Message:
    """The message of touchpoints that are posted together."""
    if len(views) == 1:
        return nudges.single_nudge(views[0])
    return nudges.grouped_nudge(views, whose, command)


def escalation_key(to: str, touchpoint: Touchpoint, account: Account, at: datetime) -> str:
    """The key of the message that escalates this touchpoint with others of its owner."""
    whose = f"manager {account.manager_id}" if touchpoint.owner == MANAGER else touchpoint.owner
    if touchpoint.person_id is not None:
        whose = f"person {touchpoint.person_id}"
    return f"escalation:{to}:{whose}:{at.isoformat()}"


def build_escalation(tx: Tx, playbook: Playbook, pairs: Sequence[Pair]) -> Message:
    """The message about touchpoints of one owner that nobody has taken."""
    views = [load_nudge_view(tx, playbook, *each) for each in pairs]
    first = min(each.shown_at or each.due_at for each, _ in pairs)
    return follow_up.escalation(views, _owner_name(playbook, *pairs[0]), first)


def _owner_name(playbook: Playbook, touchpoint: Touchpoint, account: Account) -> str:
    """The department's name, or the person or the manager as a mention."""
    if touchpoint.person_id is not None:
        return mention(touchpoint.person_id)
    if touchpoint.owner == MANAGER and account.manager_id is not None:
        return mention(account.manager_id)
    department = playbook.departments.get(touchpoint.owner)
    return department.name if department else "its manager"


def question_key(touchpoint: Touchpoint, asked_at: datetime) -> str:
    """The key of the message "still on it?" that was sent then."""
    return f"question:{touchpoint.id}:{asked_at.isoformat()}"


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
        if routing.escalation_recipient(work.tx, lead, *each) == to
        and escalation_key(to, *each, at) == key
    ]
    message = build_escalation(work.tx, work.playbook, pairs)
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
