"""An account goes from one department to another: told once, accepted or asked about."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from bot.actions.admins import tell_admins
from bot.actions.audit import audit_action
from bot.actions.handoffs import facts as facts
from bot.actions.touchpoints.routing import lead_of, manager_of
from bot.actions.work import Work
from bot.messages.handoffs import handoff as messages
from bot.messages.kit.message import Message
from bot.messages.kit.parts import person, plain, when
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import Playbook, Stage
from bot.rules.time.due import later
from db import outbox
from db.accounts import accounts
from db.core.insert_once import add_once
from db.core.tx import Tx
from db.handoffs import handoffs
from db.models import Account, Handoff, HandoffQuestion
from db.outbox import pending
from db.touchpoints import message_marks
from db.workspace import channels, departments


def begin(
    work: Work, account: Account, before: Stage | None, target: Stage, reason: str | None
) -> str | None:
    """Hands an account that has just moved to the department that owns its stage.

    Returns the channel that was told, or None when the move is no handoff. One that nobody has
    accepted yet ends: the account has gone on.
    """
    close(work, account, f"{account.name} moved on to {target.name}")
    rules, way = work.playbook.handoffs, _way(work.playbook, before, target)
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
            wake_at=later(rules.accept_within, since=work.now, calendar=calendar),
        ),
    )
    if handoff is None:
        return None
    _record(work, handoff, "begun")
    message_id = outbox.enqueue_post(
        work.tx,
        dedupe_key=f"handoff:{account.id}:{account.stage_entry}:{int(work.now.timestamp())}",
        kind="handoff",
        channel=channel,
        payload=messages.handed(facts.of(work, handoff, account)).payload(),
        now=work.now,
        due_at=calendar.next_open(work.now),
    )
    handoff.message_id = message_id
    return channel


class _Way(NamedTuple):
    """From which stage and department to which."""

    from_stage: str
    to_stage: str
    giver: str
    receiver: str


def _way(playbook: Playbook, before: Stage | None, target: Stage) -> _Way | None:
    """None where a move is no handoff: nobody gives it, nobody gets it, or it stays with them."""
    if before is None or target.exit:
        return None
    giver, receiver = playbook.owner_of(before.key), playbook.owner_of(target.key)
    if not giver or not receiver or giver == receiver:
        return None
    return _Way(before.key, target.key, giver, receiver)


def accept(work: Work, handoff_id: int) -> bool:
    """Somebody of the department has it; False when the same person accepted it before."""
    handoff = _open(work.tx, handoff_id)
    if handoff.accepted_by == work.by.user:
        return False
    if handoff.accepted_by is not None and handoff.accepted_at is not None:
        raise UserError(
            f"{person(handoff.accepted_by)} accepted it already, {when(handoff.accepted_at)}."
        )
    handoff.accepted_by, handoff.accepted_at, handoff.wake_at = work.by.user, work.now, None
    _record(work, handoff, "accepted")
    _retell(work, handoff)
    return True


def ask(work: Work, handoff_id: int, text: str) -> HandoffQuestion:
    """Asks the giving department; raises `UserError` when it has no channel to be asked in."""
    handoff = _open(work.tx, handoff_id)
    channel = departments.channel(work.tx, work.playbook, handoff.giver)
    if channel is None or channels.is_shared_outside(work.tx, channel):
        name = _name(work.playbook, handoff.giver)
        raise UserError(f"I see no channel of {name} to ask in. Ask {_giver(handoff, name)} there.")
    assert work.by.user is not None
    asked = work.tx.add(
        HandoffQuestion(handoff_id=handoff_id, text=text, asked_by=work.by.user, asked_at=work.now)
    )
    account = _account(work.tx, handoff)
    shown = facts.of(work, handoff, account)
    asked.message_id = outbox.enqueue_post(
        work.tx,
        dedupe_key=f"handoff-question:{asked.id}:{int(work.now.timestamp())}",
        kind="question",
        channel=channel,
        payload=messages.asked(shown, facts.question(asked)).payload(),
        now=work.now,
    )
    _record(work, handoff, "asked about")
    _retell(work, handoff)
    return asked


def answer(work: Work, question_id: int, text: str) -> None:
    """Brings the answer into the handoff's thread. Raises `UserError` for the second one."""
    asked = handoffs.question(work.tx, question_id)
    handoff = handoffs.hold(work.tx, asked.handoff_id) if asked else None
    if asked is None or handoff is None:
        raise UserError("That question is no longer there.")
    if asked.answered_by is not None:
        raise UserError(f"{person(asked.answered_by)} has answered it already, in its thread.")
    asked.answer, asked.answered_by, asked.answered_at = text, work.by.user, work.now
    _record(work, handoff, "answered")
    shown = facts.of(work, handoff, _account(work.tx, handoff))
    root = handoff.message_id
    channel = departments.channel(work.tx, work.playbook, handoff.receiver)
    if channel is not None:
        lost = pending.was_lost(work.tx, root)
        outbox.enqueue_post(
            work.tx,
            dedupe_key=f"handoff-answer:{asked.id}:{int(work.now.timestamp())}",
            kind="answer",
            channel=channel,
            payload=messages.answered(facts.question(asked)).payload(),
            now=work.now,
            thread_of=None if lost else root,
        )
    _show(work.tx, asked.message_id, messages.asked(shown, facts.question(asked)), work.now)
    _retell(work, handoff)


def close(work: Work, account: Account, why: str) -> None:
    """Ends what nobody has accepted yet, and folds its messages."""
    for handoff in handoffs.open_of(work.tx, account.id):
        handoff.closed_at, handoff.closed_why, handoff.wake_at = work.now, why, None
        _retell(work, handoff)


def tell_lead(work: Work, handoff: Handoff) -> None:
    """Nobody has accepted it in time: its lead hears of it, once; else the manager, else admins."""
    handoff.wake_at = None
    account = _account(work.tx, handoff)
    if handoff.receiver not in work.playbook.departments:
        return
    to = lead_of(work.tx, work.playbook, handoff.receiver) or manager_of(work.tx, account)
    if to is None:
        name = _name(work.playbook, handoff.receiver)
        tell_admins(
            work.tx,
            f"{plain(account.name)} was handed to {name}, nobody has accepted it, and I know "
            f"nobody to tell: `/linchpin settings {handoff.receiver} lead @name` names a lead.",
            dedupe_key=f"handoff-no-lead:{handoff.id}",
            now=work.now,
        )
        return
    mark = message_marks.mark(work.tx, "handoff", account.name_key, str(handoff.stage_entry))
    if message_marks.take(work.tx, mark) is not None:
        return
    handoff.lead_message_id = outbox.enqueue_post(
        work.tx,
        dedupe_key=f"handoff-lead:{handoff.id}:{int(handoff.at.timestamp())}",
        kind="escalation",
        channel=to,
        payload=messages.overdue(facts.of(work, handoff, account)).payload(),
        now=work.now,
        marks=(mark,),
    )


def _open(tx: Tx, handoff_id: int) -> Handoff:
    handoff = handoffs.hold(tx, handoff_id)
    if handoff is None:
        raise UserError("That handoff is no longer there.")
    if handoff.closed_at is not None:
        raise UserError(f"It is no longer needed: {plain(handoff.closed_why or '')}.")
    return handoff


def _retell(work: Work, handoff: Handoff) -> None:
    work.tx.flush()
    shown = facts.of(work, handoff, _account(work.tx, handoff))
    _show(work.tx, handoff.message_id, messages.handed(shown), work.now)
    _show(work.tx, handoff.lead_message_id, messages.overdue(shown), work.now)


def _show(tx: Tx, row_id: int | None, message: Message, now: datetime) -> None:
    """A new face for a message, also where it still waits to be sent."""
    if row_id is None or pending.hold(tx, row_id) is None:
        return
    if pending.rewrite(tx, row_id, message.payload()):
        return
    if pending.was_or_is_being_sent(tx, row_id):
        version = pending.next_face(tx, row_id)
        outbox.enqueue_update(
            tx, target=row_id, version=version, payload=message.payload(), now=now
        )


def _account(tx: Tx, handoff: Handoff) -> Account:
    account = accounts.by_id(tx, handoff.account_id)
    assert account is not None
    return account


def _name(playbook: Playbook, key: str) -> str:
    department = playbook.departments.get(key)
    return plain(department.name) if department else key


def _giver(handoff: Handoff, name: str) -> str:
    return person(handoff.by_user) if handoff.by_user else name


def _record(work: Work, handoff: Handoff, verb: str) -> None:
    detail = {"account": handoff.account_id, "from": handoff.giver, "to": handoff.receiver}
    audit_action(work, handoff, f"handoff.{verb}", detail)
