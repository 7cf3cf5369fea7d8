"""Takes a decision back, as long as nobody has built on it."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import col

from bot.actions.accounts import accounts as account_actions
from bot.actions.handoffs import handoffs
from bot.actions.lifecycle import plan_changes, stages
from bot.actions.lifecycle.decisions import write_audit
from bot.actions.terms import terms as term_actions
from bot.actions.work import Work
from bot.messages.kit.parts import plain, quoted
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import Playbook
from db.accounts import accounts
from db.core.tx import Tx
from db.lifecycle import decisions
from db.models import Account, Decision, StageChange, Term, Touchpoint
from db.terms import terms
from db.touchpoints import touchpoints


def undo(work: Work, decision_id: int) -> tuple[Decision, Account]:
    """Puts the account back to where it stood; only whoever recorded the decision can.

    Twice is the same as once. Raises `UserError` when the account has gone on since: then a move
    and a date say what is right.
    """
    decision = decisions.by_id(work.tx, decision_id)
    account = accounts.by_id(work.tx, decision.account_id) if decision else None
    if decision is None or account is None:
        raise UserError("That decision is no longer there, so there is nothing to undo.")
    if decision.by_user != work.by.user:
        raise UserError("Only the person who recorded this can undo it.")
    account_actions.lock_account(work.tx, account)
    if decision.undone_at is not None:
        return decision, account
    _check_not_built_on(work.tx, work.playbook, account, decision)
    if decision.next_term is not None:
        _restore_terms(work.tx, account, decision)
    elif decision.moved_to is not None:
        _reopen_or_delete_term(work.tx, account, decision)
    if decision.moved_to is not None:
        _move_back(work, account, decision)
    elif decision.next_term is not None:
        account_actions.save_changes(work.tx, account, term=decision.term)
        plan_changes.set_renewal(work, account, _previous_renewal_date(decision))
    term_actions.reschedule_check(work.tx, account)
    decision.undone_at = work.now
    write_audit(work, decision, "undone")
    return decision, account


def _check_not_built_on(tx: Tx, playbook: Playbook, account: Account, decision: Decision) -> None:
    newest = decisions.last_decision(tx, account.id)
    same = account.stage_entry == decision.before["then"] and account.archived_at is None
    since = [
        t
        for t in _touchpoints_of_entry(tx, account)
        if t.nudge_id is not None or t.state != "planned"
    ]
    built_on = decision.moved_to is not None and bool(since)
    if same and not built_on and newest is not None and newest.id == decision.id:
        return
    back = playbook.stage(decision.stage)
    name, line = plain(account.name), quoted(account.name)
    raise UserError(
        f"{name} has gone on since, so this stays recorded. `/stage {line} "
        f"{back.key if back else decision.stage} because …` moves it, and `/account {line} renews "
        "2027-03-31` corrects its date."
    )


def _touchpoints_of_entry(tx: Tx, account: Account) -> list[Touchpoint]:
    return touchpoints.list_of_stage_entry(tx, account.id, account.stage_entry)


def _restore_terms(tx: Tx, account: Account, decision: Decision) -> None:
    mine = col(Term.account_id) == account.id
    tx.delete(Term, mine, col(Term.number) == decision.next_term)
    _reopen_term(tx, account, decision.term)


def _reopen_or_delete_term(tx: Tx, account: Account, decision: Decision) -> None:
    """The move began a term, or it ended one, or neither."""
    mine = col(Term.account_id) == account.id
    tx.delete(Term, mine, col(Term.began_at) == decision.at, col(Term.ended_at).is_(None))
    last = terms.last_term(tx, account.id)
    if last is not None and last.ended_at == decision.at:
        _reopen_term(tx, account, last.number)


def _reopen_term(tx: Tx, account: Account, number: int) -> None:
    found = terms.by_number(tx, account.id, number)
    if found is None:
        return
    found.check_at = found.ended_at
    found.ended_at = found.outcome = found.reason = found.lost_to = found.renews_on = None


def _move_back(work: Work, account: Account, decision: Decision) -> None:
    for touchpoint in _touchpoints_of_entry(work.tx, account):
        touchpoints.delete_touchpoint(work.tx, touchpoint)
    of_move = (
        col(StageChange.account_id) == account.id,
        col(StageChange.stage_entry) == account.stage_entry,
    )
    work.tx.delete(StageChange, *of_move)
    account_actions.save_changes(
        work.tx,
        account,
        stage=decision.stage,
        stage_entry=decision.stage_entry,
        stage_entered_at=datetime.fromisoformat(decision.before["stage_entered_at"]),
        term=decision.term,
        renews_on=_previous_renewal_date(decision),
    )
    handoffs.close_handoffs(work, account, "the decision was taken back")
    _restore_cancelled(work.tx, account, decision, work.now)
    stages.announce_undo(work, account, decision.moved_to or "")


def _restore_cancelled(tx: Tx, account: Account, decision: Decision, now: datetime) -> None:
    """What the decision had stopped goes on; what was said already is said once more."""
    for touchpoint in touchpoints.list_of_account(tx, account.id, ("cancelled",)):
        if touchpoint.state_at == decision.at:
            touchpoints.save(
                tx,
                touchpoint,
                state="planned",
                state_at=now,
                note=None,
                by_user=None,
                nudge_id=None,
                wake_at=touchpoint.due_at,
            )


def _previous_renewal_date(decision: Decision) -> date | None:
    before = decision.before["renews_on"]
    return date.fromisoformat(before) if before else None
