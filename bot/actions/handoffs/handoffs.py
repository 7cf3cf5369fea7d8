"""Hands an account from one department to another, which accepts it or asks about it."""

from bot.actions.admins import notify_admins
from bot.actions.audit import audit_action
from bot.actions.handoffs import facts
from bot.actions.outgoing import post, tell, update_message
from bot.actions.touchpoints.rendering import refresh_nudge
from bot.actions.touchpoints.routing import acting_lead, acting_manager, resolve_delegate
from bot.actions.work import Work
from bot.messages.handoffs import handoff as messages
from bot.messages.kit.text import mention, plain, when
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import Stage
from bot.rules.time.due import add_duration
from db.core.tx import Tx
from db.handoffs import handoffs
from db.lists import lists
from db.models import Account, Handoff, HandoffQuestion
from db.outbox import pending
from db.workspace import channels, departments


def start_handoff(
    work: Work, account: Account, before: Stage | None, target: Stage, reason: str | None
) -> str | None:
    """Hands an account that has just moved to the department that owns its stage. Returns the
    channel of the message, or None when the move is no handoff. Handoffs that nobody has accepted
    yet end: the account has moved on."""
    close_handoffs(work, account, f"{account.name} moved on to {target.name}")
    rules = work.playbook.handoffs
    if rules is None or before is None or target.exit:
        return None
    giver, receiver = (work.playbook.owner_of(each.key) for each in (before, target))
    if not giver or not receiver or giver == receiver:
        return None
    channel = departments.channel(work.tx, work.playbook, receiver)
    if not channel or channels.is_shared_outside(work.tx, channel):
        return None
    calendar = work.playbook.calendar(receiver)
    handoff = Handoff(
        account_id=account.id,
        stage_entry=account.stage_entry,
        from_stage=before.key,
        to_stage=target.key,
        giver=giver,
        receiver=receiver,
        reason=reason,
        by_user=work.by.user,
        at=work.now,
        wake_at=add_duration(rules.accept_within, since=work.now, calendar=calendar),
    )
    return channel if _post_handoff(work, account, handoff, channel) else None


def _post_handoff(work: Work, account: Account, row: Handoff, channel: str) -> bool:
    """Saves and posts a handoff; False where it is known."""
    handoff = work.tx.add_once(row)
    if handoff is None:
        return False
    _write_audit(work, handoff, "begun")
    key = f"handoff:{account.id}:{account.stage_entry}:{int(work.now.timestamp())}"
    message = messages.handoff_message(facts.build(work, handoff, account))
    due_at = work.playbook.calendar(handoff.receiver).next_open(work.now)
    handoff.message_id = post(work, channel, message, kind="handoff", key=key, due_at=due_at)
    return True


def accept(work: Work, handoff_id: int) -> bool:
    """Records who accepted the handoff; False when the same person did so before."""
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
    """Asks whoever handed the account over, in their next morning, or else the giving department;
    raises `UserError` when that has no channel to ask in."""
    handoff = _lock_open_handoff(work.tx, handoff_id)
    assert work.by.user is not None
    asked = work.tx.add(
        HandoffQuestion(handoff_id=handoff_id, text=text, asked_by=work.by.user, asked_at=work.now)
    )
    giver = handoff.by_user
    if giver in (None, work.by.user) or resolve_delegate(work.tx, giver) != giver:
        _ask_department(work, handoff, asked)
    _write_audit(work, handoff, "asked about")
    _update_messages(work, handoff)
    return asked


def _ask_department(work: Work, handoff: Handoff, asked: HandoffQuestion) -> None:
    channel = departments.channel(work.tx, work.playbook, handoff.giver)
    if channel is None or channels.is_shared_outside(work.tx, channel):
        name = facts.department_name(work.playbook, handoff.giver)
        giver = mention(handoff.by_user) if handoff.by_user else name
        raise UserError(f"I see no channel of {name} to ask in. Ask {giver} there.")
    view = facts.build(work, handoff, work.tx.require(Account, handoff.account_id))
    key = f"handoff-question:{asked.id}:{int(work.now.timestamp())}"
    message = messages.question_message(view, facts.build_question(asked))
    asked.message_id = post(work, channel, message, kind="question", key=key)


def answer_question(work: Work, question_id: int, text: str) -> None:
    """Posts the answer into the handoff's thread; raises `UserError` when there is one already."""
    asked = work.tx.lock(HandoffQuestion, question_id)
    handoff = work.tx.lock(Handoff, asked.handoff_id) if asked else None
    if asked is None or handoff is None:
        raise UserError("That question is no longer there.")
    if asked.answered_by is not None:
        raise UserError(f"{mention(asked.answered_by)} has answered it already, in its thread.")
    asked.answer, asked.answered_by, asked.answered_at = text, work.by.user, work.now
    _write_audit(work, handoff, "answered")
    question = facts.build_question(asked)
    channel = departments.channel(work.tx, work.playbook, handoff.receiver)
    if channel is not None:
        lost = pending.was_lost(work.tx, handoff.message_id)
        thread_of = None if lost else handoff.message_id
        key = f"handoff-answer:{asked.id}:{int(work.now.timestamp())}"
        message = messages.answer_message(question)
        post(work, channel, message, kind="answer", key=key, thread_of=thread_of)
    view = _update_messages(work, handoff)
    if asked.message_id is not None and lists.of_nudge(work.tx, asked.message_id):
        refresh_nudge(work, asked.message_id)
    else:
        update_message(work, asked.message_id, messages.question_message(view, question))


def close_handoffs(work: Work, account: Account, why: str) -> None:
    """Ends the account's handoffs that nobody has accepted yet, and updates their messages."""
    for handoff in handoffs.lock_open_handoffs(work.tx, account.id):
        handoff.closed_at, handoff.closed_why, handoff.wake_at = work.now, why, None
        _update_messages(work, handoff)


def notify_lead(work: Work, handoff: Handoff) -> None:
    """Tells the department's lead, once, that nobody has accepted a handoff in time. Without a lead
    the account's manager is told, else the admins."""
    handoff.wake_at = None
    account = work.tx.require(Account, handoff.account_id)
    if handoff.receiver not in work.playbook.departments:
        return
    to = acting_lead(work.tx, work.playbook, handoff.receiver) or acting_manager(work.tx, account)
    if to is None:
        name = facts.department_name(work.playbook, handoff.receiver)
        notify_admins(
            work.tx,
            f"{plain(account.name)} was handed to {name}, nobody has accepted it, and I know "
            f"nobody to tell: `/linchpin settings {handoff.receiver} lead @name` names a lead.",
            dedupe_key=f"handoff-no-lead:{handoff.id}",
            now=work.now,
        )
        return
    accept = {"label": "Accept", "action_id": "handoff:accept", "value": str(handoff.id)}
    text = messages.overdue(facts.build(work, handoff, account))
    key = f"handoff:{account.name_key}:{handoff.stage_entry}"
    tell(work, to, key, text, account_id=account.id, button=accept)


def _lock_open_handoff(tx: Tx, handoff_id: int) -> Handoff:
    handoff = tx.lock(Handoff, handoff_id)
    if handoff is None:
        raise UserError("That handoff is no longer there.")
    if handoff.closed_at is not None:
        raise UserError(f"It is no longer needed: {plain(handoff.closed_why or '')}.")
    return handoff


def _update_messages(work: Work, handoff: Handoff) -> messages.Handoff:
    work.tx.flush()
    view = facts.build(work, handoff, work.tx.require(Account, handoff.account_id))
    update_message(work, handoff.message_id, messages.handoff_message(view))
    return view


def _write_audit(work: Work, handoff: Handoff, verb: str) -> None:
    detail = {"account": handoff.account_id, "from": handoff.giver, "to": handoff.receiver}
    audit_action(work, handoff, f"handoff.{verb}", detail)
