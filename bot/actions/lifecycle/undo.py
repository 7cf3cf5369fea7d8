"""Undoes a decision, as long as the account has not gone on since."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import col

from bot.actions.accounts import accounts as account_actions
from bot.actions.handoffs import handoffs
from bot.actions.lifecycle import stages
from bot.actions.lifecycle.decisions import write_audit
from bot.actions.work import Work
from bot.messages.kit.text import plain, quoted
from bot.rules.errors import UserError
from db.core.tx import Tx
from db.lifecycle import decisions
from db.models import RENEWAL, Account, Decision, StageChange, Term, Touchpoint
from db.terms import terms
from db.touchpoints import touchpoints


def undo(work: Work, decision_id: int) -> tuple[Decision, Account]:
    """Puts the account back to where it was before a decision of the same person. The second time
    changes nothing. Raises `UserError` when the account has gone on since."""
    decision = work.tx.require(Decision, decision_id)
    account = work.tx.require(Account, decision.account_id)
    if decision.by_user != work.by.user:
        raise UserError("Only the person who recorded this can undo it.")
    account_actions.lock_account(work.tx, account)
    if decision.undone_at is not None:
        return decision, account
    planned = _planned_by(work, account, decision)
    _check_not_gone_on(work, account, decision, planned)
    if decision.next_term is not None or decision.moved_to is not None:
        _restore_terms(work.tx, account, decision)
    if account.stage_entry != decision.stage_entry:
        renews_on = decision.before["renews_on"]
        move_back(
            work,
            account,
            planned,
            decision.at,
            stage=decision.stage,
            stage_entry=decision.stage_entry,
            stage_entered_at=datetime.fromisoformat(decision.before["stage_entered_at"]),
            term=decision.term,
            renews_on=date.fromisoformat(renews_on) if renews_on else None,
        )
        if decision.moved_to is not None:
            stages.announce_undo(work, account, decision.moved_to)
    decision.undone_at = work.now
    write_audit(work, decision, "undone")
    return decision, account


def _check_not_gone_on(
    work: Work, account: Account, decision: Decision, planned: Sequence[Touchpoint]
) -> None:
    newest = decisions.last_decision(work.tx, account.id)
    is_newest = newest is not None and newest.id == decision.id
    same_entry = account.stage_entry == decision.before["then"] and account.archived_at is None
    was_nudged = any(t.nudge_id is not None or t.state != "planned" for t in planned)
    if is_newest and same_entry and not was_nudged:
        return
    line = quoted(account.name)
    raise UserError(
        f"{plain(account.name)} has gone on since, so this stays recorded. `/stage {line} "
        f"{decision.stage} because …` moves it, and `/account {line} renews "
        "2027-03-31` corrects its date."
    )


def _restore_terms(tx: Tx, account: Account, decision: Decision) -> None:
    """Deletes the term that a decision began, if any, and reopens the one that it ended."""
    of_account = col(Term.account_id) == account.id
    if decision.next_term is not None:
        tx.delete(Term, of_account, col(Term.number) == decision.next_term)
        term = terms.by_number(tx, account.id, decision.term)
    else:
        is_open = col(Term.ended_at).is_(None)
        tx.delete(Term, of_account, col(Term.began_at) == decision.at, is_open)
        term = terms.last_term(tx, account.id)
        if term is not None and term.ended_at != decision.at:
            return
    if term is not None:
        term.ended_at = term.outcome = term.reason = term.lost_to = term.renews_on = None


def move_back(
    work: Work, account: Account, planned: Sequence[Touchpoint], at: datetime, **before: object
) -> None:
    """Puts an account back to what it was `before` the move of the instant `at`, which `planned`
    touchpoints; what the move cancelled is open again."""
    for touchpoint in planned:
        touchpoints.delete_touchpoint(work.tx, touchpoint)
    of_account = col(StageChange.account_id) == account.id
    work.tx.delete(StageChange, of_account, col(StageChange.stage_entry) == account.stage_entry)
    account_actions.save_changes(work.tx, account, **before)
    handoffs.close_handoffs(work, account, "the decision was taken back")
    _restore_cancelled(work.tx, account, at, work.now)


def _planned_by(work: Work, account: Account, decision: Decision) -> list[Touchpoint]:
    """What was planned for the stage and the term that a decision led to."""
    if account.stage_entry == decision.stage_entry:
        return []
    current = terms.current_term(work.tx, account)
    began = current is not None and current.began_at == decision.at
    return [
        each
        for each in touchpoints.list_of_plays(work.tx, account)
        if each.stage_entry == account.stage_entry or (began and each.term == account.term)
    ]


def _restore_cancelled(tx: Tx, account: Account, at: datetime, now: datetime) -> None:
    """Plans again what was cancelled then; what was posted already is posted once more."""
    for touchpoint in touchpoints.list_of_account(tx, account.id, ("cancelled", "done")):
        is_ended = touchpoint.state == "cancelled" or touchpoint.kind == RENEWAL
        if is_ended and touchpoint.state_at == at:
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
