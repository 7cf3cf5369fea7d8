"""An account goes from one department to another: told once, accepted or asked about."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from bot.actions.admins import notify_admins
from bot.actions.audit import audit_action
from bot.actions.handoffs import facts as facts
from bot.actions.touchpoints.routing import acting_lead, acting_manager
from bot.actions.work import Work
from bot.messages.handoffs import handoff as messages
from bot.messages.kit.message import Message
from bot.messages.kit.parts import mention, plain, when
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import Playbook, Stage
from bot.rules.time.due import add_duration
from db import outbox
from db.accounts import accounts
from db.core.insert_once import add_once
from db.core.tx import Tx
from db.handoffs import handoffs
from db.models import Account, Handoff, HandoffQuestion
from db.outbox import pending
from db.touchpoints import message_marks
from db.workspace import channels, departments


def start_handoff(
    work: Work, account: Account, before: Stage | None, target: Stage, reason: str | None
) -> str | None:
    """Hands an account that has just moved to the department that owns its stage.

    Returns the channel that was told, or None when the move is no handoff. One that nobody has
    accepted yet ends: the account has gone on.
    """
    close_handoffs(work, account, f"{account.name} moved on to {target.name}")
    rules, way = work.playbook.handoffs, _find_route(work.playbook, before, target)
    channel = departments.channel(work.tx, work.playbook, way.receiver) if rules and way else None
    if not rules or not way or not channel or channels.is_shared_outside(work.tx, channel):
        return None
    calendar = work.playbook.calendar(way.receiver)
    handoff = add_once(
        work.tx,
        Handoff(
            account_id=account.id,
            stage_entry=account.stage_entry,
            **way._asdict(),
            reason=reason,
            by_user=work.by.user,
            at=work.now,
            wake_at=add_duration(rules.accept_within, since=work.now, calendar=calendar),
        ),
    )
    if handoff is None:
        return None
    _write_audit(work, handoff, "begun")
    message_id = outbox.enqueue_post(
        work.tx,
        dedupe_key=f"handoff:{account.id}:{account.stage_entry}:{int(work.now.timestamp())}",
        kind="handoff",
        channel=channel,
        payload=messages.handoff_message(facts.build(work, handoff, account)).payload(),
        now=work.now,
        due_at=calendar.next_open(work.now),
    )
    handoff.message_id = message_id
    return channel


class _HandoffRoute(NamedTuple):
    """From which stage and department to which."""

    from_stage: str
    to_stage: str
    giver: str
    receiver: str


def _find_route(playbook: Playbook, before: Stage | None, target: Stage) -> _HandoffRoute | None:
    """None where a move is no handoff: nobody gives it, nobody gets it, or it stays with them."""
    if before is None or target.exit:
        return None
    giver, receiver = playbook.owner_of(before.key), playbook.owner_of(target.key)
    if not giver or not receiver or giver == receiver:
        return None
    return _HandoffRoute(before.key, target.key, giver, receiver)


def accept(work: Work, handoff_id: int) -> bool:
    """Somebody of the department has it; False when the same person accepted it before."""
    handoff = _lock_open_handoff(work.tx, handoff_id)
    if handoff.accepted_by == work.by.user:
        return False
    if handoff.accepted_by is not None and handoff.accepted_at is not None:
        raise UserError(
            f"{mention(handoff.accepted_by)} accepted it already, {when(handoff.accepted_at)}."
        )
    handoff.accepted_by, handoff.accepted_at, handoff.wake_at = work.by.user, work.now, None
    _write_audit(work, handoff, "accepted")
    _update_messages(work, handoff)
    return True


def ask_question(work: Work, handoff_id: int, text: str) -> HandoffQuestion:
    """Asks the giving department; raises `UserError` when it has no channel to be asked in."""
    handoff = _lock_open_handoff(work.tx, handoff_id)
    channel = departments.channel(work.tx, work.playbook, handoff.giver)
    if channel is None or channels.is_shared_outside(work.tx, channel):
        name = _department_name(work.playbook, handoff.giver)
        raise UserError(
            f"I see no channel of {name} to ask in. Ask {_giver_label(handoff, name)} there."
        )
    assert work.by.user is not None
    asked = work.tx.add(
        HandoffQuestion(handoff_id=handoff_id, text=text, asked_by=work.by.user, asked_at=work.now)
    )
    account = _load_account(work.tx, handoff)
    shown = facts.build(work, handoff, account)
    asked.message_id = outbox.enqueue_post(
        work.tx,
        dedupe_key=f"handoff-question:{asked.id}:{int(work.now.timestamp())}",
        kind="question",
        channel=channel,
        payload=messages.question_message(shown, facts.build_question(asked)).payload(),
        now=work.now,
    )
    _write_audit(work, handoff, "asked about")
    _update_messages(work, handoff)
    return asked


def answer_question(work: Work, question_id: int, text: str) -> None:
    """Brings the answer into the handoff's thread. Raises `UserError` for the second one."""
    asked = handoffs.lock_question(work.tx, question_id)
    handoff = handoffs.lock_handoff(work.tx, asked.handoff_id) if asked else None
    if asked is None or handoff is None:
        raise UserError("That question is no longer there.")
    if asked.answered_by is not None:
        raise UserError(f"{mention(asked.answered_by)} has answered it already, in its thread.")
    asked.answer, asked.answered_by, asked.answered_at = text, work.by.user, work.now
    _write_audit(work, handoff, "answered")
    shown = facts.build(work, handoff, _load_account(work.tx, handoff))
    root = handoff.message_id
    channel = departments.channel(work.tx, work.playbook, handoff.receiver)
    if channel is not None:
        lost = pending.was_lost(work.tx, root)
        outbox.enqueue_post(
            work.tx,
            dedupe_key=f"handoff-answer:{asked.id}:{int(work.now.timestamp())}",
            kind="answer",
            channel=channel,
            payload=messages.answer_message(facts.build_question(asked)).payload(),
            now=work.now,
            thread_of=None if lost else root,
        )
    _show(
        work.tx,
        asked.message_id,
        messages.question_message(shown, facts.build_question(asked)),
        work.now,
    )
    _update_messages(work, handoff)


def close_handoffs(work: Work, account: Account, why: str) -> None:
    """Ends what nobody has accepted yet, and folds its messages."""
    for handoff in handoffs.lock_open_handoffs(work.tx, account.id):
        handoff.closed_at, handoff.closed_why, handoff.wake_at = work.now, why, None
        _update_messages(work, handoff)


def notify_lead(work: Work, handoff: Handoff) -> None:
    """Nobody has accepted it in time: its lead hears of it, once; else the manager, else admins."""
    handoff.wake_at = None
    account = _load_account(work.tx, handoff)
    if handoff.receiver not in work.playbook.departments:
        return
    to = acting_lead(work.tx, work.playbook, handoff.receiver) or acting_manager(work.tx, account)
    if to is None:
        name = _department_name(work.playbook, handoff.receiver)
        notify_admins(
            work.tx,
            f"{plain(account.name)} was handed to {name}, nobody has accepted it, and I know "
            f"nobody to tell: `/linchpin settings {handoff.receiver} lead @name` names a lead.",
            dedupe_key=f"handoff-no-lead:{handoff.id}",
            now=work.now,
        )
        return
    mark = message_marks.fingerprint(work.tx, "handoff", account.name_key, str(handoff.stage_entry))
    if message_marks.pop(work.tx, mark) is not None:
        return
    handoff.lead_message_id = outbox.enqueue_post(
        work.tx,
        dedupe_key=f"handoff-lead:{handoff.id}:{int(handoff.at.timestamp())}",
        kind="escalation",
        channel=to,
        payload=messages.overdue(facts.build(work, handoff, account)).payload(),
        now=work.now,
        marks=(mark,),
    )


def _lock_open_handoff(tx: Tx, handoff_id: int) -> Handoff:
    handoff = handoffs.lock_handoff(tx, handoff_id)
    if handoff is None:
        raise UserError("That handoff is no longer there.")
    if handoff.closed_at is not None:
        raise UserError(f"It is no longer needed: {plain(handoff.closed_why or '')}.")
    return handoff


def _update_messages(work: Work, handoff: Handoff) -> None:
    work.tx.flush()
    shown = facts.build(work, handoff, _load_account(work.tx, handoff))
    _show(work.tx, handoff.message_id, messages.handoff_message(shown), work.now)
    _show(work.tx, handoff.lead_message_id, messages.overdue(shown), work.now)


def _show(tx: Tx, row_id: int | None, message: Message, now: datetime) -> None:
    """A new face for a message, also where it still waits to be sent."""
    if row_id is None or pending.lock_message(tx, row_id) is None:
        return
    if pending.rewrite_pending(tx, row_id, message.payload()):
        return
    if pending.may_be_in_slack(tx, row_id):
        version = pending.next_version(tx, row_id)
        outbox.enqueue_update(
            tx, target=row_id, version=version, payload=message.payload(), now=now
        )


def _load_account(tx: Tx, handoff: Handoff) -> Account:
    account = accounts.by_id(tx, handoff.account_id)
    assert account is not None
    return account


def _department_name(playbook: Playbook, key: str) -> str:
    department = playbook.departments.get(key)
    return plain(department.name) if department else key


def _giver_label(handoff: Handoff, name: str) -> str:
    return mention(handoff.by_user) if handoff.by_user else name


def _write_audit(work: Work, handoff: Handoff, verb: str) -> None:
    detail = {"account": handoff.account_id, "from": handoff.giver, "to": handoff.receiver}
    audit_action(work, handoff, f"handoff.{verb}", detail)
