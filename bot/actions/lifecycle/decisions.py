"""Records what a customer decided, and what follows from it: the move, the next term, its date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.actions.accounts import accounts as account_actions
from bot.actions.actor import Actor
from bot.actions.audit import audit_action
from bot.actions.lifecycle import plan_changes, stages
from bot.actions.terms import terms as term_actions
from bot.actions.work import Work
from bot.messages.kit.parts import day, mention, plain, quoted, when
from bot.rules.decisions import DecisionEffect, effect_of
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import Playbook
from bot.rules.playbook.sections import CHOSE_OTHER, OUTCOMES
from bot.rules.terms import first_stage, next_renewal
from bot.rules.text import names
from db.core.tx import Tx
from db.lifecycle import decisions
from db.models import Account, Alternative, Decision, Term
from db.terms import terms

#: Nobody decides the same twice within a day: the second has not seen the first.
REPEAT_WINDOW = timedelta(days=1)
#: Nor renews a term that has only just begun, unless they name the date.
RECENT_RENEWAL = timedelta(days=30)
MAX_ALTERNATIVE_LENGTH = 100
_OUTCOME_PHRASES = {
    "renewed": "they renewed",
    "expanded": "they expanded",
    "reduced": "they reduced",
    "adopted": "they adopted it",
    "chose us": "they chose us",
    "chose other": "they chose another way",
    "none": "they chose none of the ways",
}


@dataclass(frozen=True)
class DecisionInput:
    """What a person says: `renews_on` is the next renewal's date, if they name it."""

    outcome: str
    reason: str | None = None
    alternative: str | None = None
    renews_on: date | None = None

    def in_words(self) -> str:
        """As the reason of a move: "they chose us over Initech: it is quicker to start with"."""
        said, alternative = _OUTCOME_PHRASES[self.outcome], self.alternative
        if alternative is not None:
            lost = self.outcome == CHOSE_OTHER
            said = f"they chose {alternative}" if lost else f"{said} over {alternative}"
        return f"{said}: {self.reason}" if self.reason else said


@dataclass(frozen=True)
class RecordedDecision:
    """A decision that was recorded, and the move it led to, if any."""

    decision: Decision
    account: Account
    moved: stages.StageMove | None


def record_decision(
    work: Work, account: Account, decided: DecisionInput, *, today: date, seen: int | None = None
) -> RecordedDecision:
    """Records a decision; `today` is the person's own day, `seen` the stage entry they looked at.

    Raises `UserError` for one that cannot be, or was recorded already; `stages.MovedMeanwhile`
    when somebody else has just moved the account.
    """
    assert decided.outcome in OUTCOMES
    account_actions.lock_account(work.tx, account)
    account_actions.require_live(account)
    to = effect_of(work.playbook, account.stage, decided.outcome)
    _check_input(work.playbook, account, decided, to)
    _check_not_repeated(work.tx, account, decided, work.now)
    current = terms.current_term(work.tx, account)
    decision = _decision_row(account, decided, work.by, work.now)
    if decided.alternative is not None:
        add_alternative(work, account, decided.alternative)
    if to.renews:
        if current is None:
            raise UserError(_no_term(work.playbook, account))
        _renew_term(work, account, current, decided, decision, to, today)
    moved = None
    if to.to is not None:
        moved = stages.move(
            work, account, to.to, reason=decided.in_words(), seen=seen, lost_to=decided.alternative
        )
        decision.moved_to = to.to
    decision.before = {**decision.before, "then": account.stage_entry}
    work.tx.add(decision)
    write_audit(work, decision, "recorded")
    return RecordedDecision(decision, account, moved)


def add_alternative(work: Work, account: Account, name: str) -> None:
    """Remembers a way the customer could go instead of ours."""
    decisions.save_alternative(
        work.tx,
        Alternative(
            account_id=account.id,
            name=name,
            name_key=names.key(name),
            term=account.term,
            by_user=work.by.user,
            source=work.by.source,
            at=work.now,
        ),
    )


def next_renewal_date(tx: Tx, account: Account, current: Term, today: date) -> date:
    """When the account renews next, if it renews now."""
    earlier = [each.renews_on for each in terms.list_of_account(tx, account.id) if each.renews_on]
    began_on = current.began_at.date()
    return next_renewal(account.renews_on, earlier=earlier, began_on=began_on, today=today)


def _decision_row(account: Account, decided: DecisionInput, by: Actor, now: datetime) -> Decision:
    return Decision(
        account_id=account.id,
        term=account.term,
        stage=account.stage,
        stage_entry=account.stage_entry,
        outcome=decided.outcome,
        reason=decided.reason,
        alternative=decided.alternative,
        by_user=by.user,
        source=by.source,
        at=now,
        before={
            "stage_entered_at": account.stage_entered_at.isoformat(),
            "renews_on": account.renews_on.isoformat() if account.renews_on else None,
        },
    )


def _renew_term(
    work: Work,
    account: Account,
    current: Term,
    decided: DecisionInput,
    decision: Decision,
    to: DecisionEffect,
    today: date,
) -> None:
    """Ends the term and begins the next, with a renewal date of its own."""
    _check_not_just_renewed(account, current, decided, work.now)
    renews_on = decided.renews_on or next_renewal_date(work.tx, account, current, today)
    term_actions.end_term(work, account, current, decided.outcome, decided.reason)
    number = current.number + 1
    if to.to is None:
        # It stays: what hangs on the renewal is planned anew where it stands.
        plan_changes.set_renewal(work, account, renews_on)
        account_actions.save_changes(work.tx, account, term=number)
    else:
        account_actions.save_changes(work.tx, account, term=number, renews_on=renews_on)
    term_actions.begin_term(work, account, number)
    decision.next_term, decision.renews_on = number, renews_on


def _check_input(
    playbook: Playbook, account: Account, decided: DecisionInput, to: DecisionEffect
) -> None:
    line = f"/decision {quoted(account.name)} {decided.outcome} because …"
    if decided.reason and len(decided.reason) > stages.MAX_REASON_LENGTH - 200:
        raise UserError(
            f"That reason has {len(decided.reason):,} characters, and "
            f"{stages.MAX_REASON_LENGTH - 200:,} is the most. Give the gist, and `/log` the rest: "
            f"`{line}`."
        )
    if decided.alternative and len(decided.alternative) > MAX_ALTERNATIVE_LENGTH:
        raise UserError(
            f"Name the alternative in at most {MAX_ALTERNATIVE_LENGTH} characters: "
            f"`/decision {quoted(account.name)} {decided.outcome} over Initech`."
        )
    target = playbook.stage(to.to) if to.to else None
    if target is not None and target.exit and not decided.reason:
        raise UserError(
            f"That takes {plain(account.name)} out, to {plain(target.name)}: say why, so that the "
            f"next person knows. `{line} over Initech` says to whom as well."
        )


def _check_not_repeated(tx: Tx, account: Account, decided: DecisionInput, now: datetime) -> None:
    last = decisions.last_decision(tx, account.id)
    if last is None or last.outcome != decided.outcome or now - last.at > REPEAT_WINDOW:
        return
    who = mention(last.by_user) if last.by_user else "Somebody"
    raise UserError(
        f"{who} recorded that for {plain(account.name)} already, {when(last.at)}. Nothing was "
        f"changed. `/account {quoted(account.name)}` shows where it stands."
    )


def _check_not_just_renewed(
    account: Account, current: Term, decided: DecisionInput, now: datetime
) -> None:
    if current.number == 1 or decided.renews_on or now - current.began_at > RECENT_RENEWAL:
        return
    until = f", until {day(account.renews_on)}" if account.renews_on else ""
    raise UserError(
        f"Term {current.number} of {plain(account.name)} has only just begun, "
        f"{when(current.began_at)}{until}. If they renewed once more, name the next date: "
        f"`/decision {quoted(account.name)} {decided.outcome} until 2029-03-31`."
    )


def _no_term(playbook: Playbook, account: Account) -> str:
    here = playbook.stage(account.stage)
    first = playbook.stage(first_stage(playbook))
    return (
        f"{plain(account.name)} is in {plain(here.name if here else account.stage)}, so there is "
        f"no term to renew: the first begins with {plain(first.name if first else 'the sale')}. "
        f"`/decision {quoted(account.name)} chose us` begins it."
    )


def write_audit(work: Work, decision: Decision, verb: str) -> None:
    """Leaves the line that says who recorded it or took it back."""
    detail = {"account": decision.account_id, "outcome": decision.outcome}
    audit_action(work, decision, f"decision.{verb}", detail)
