"""Records what a customer decided, with the move and the next term that follow from it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.actions.accounts import accounts as account_actions
from bot.actions.answers.rows import save_alternative
from bot.actions.audit import audit_action
from bot.actions.lifecycle import passed, stages
from bot.actions.lifecycle.telling import tell_manager
from bot.actions.responses.respond import cancel_stage_touchpoints
from bot.actions.terms import terms as term_actions
from bot.actions.touchpoints.labels import person_name
from bot.actions.touchpoints.planning import plan_account
from bot.actions.touchpoints.quotes import tell_quoted
from bot.actions.work import Work
from bot.messages.accounts import changes as change_messages
from bot.messages.kit.text import day, mention, plain, quoted, when
from bot.messages.lifecycle.decision import outcome_text
from bot.rules.decisions import effect_of
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import Playbook
from bot.rules.playbook.sections import OUTCOMES
from bot.rules.terms import first_stage, next_renewal
from db.core.tx import Tx
from db.lifecycle import decisions
from db.models import Account, Decision, Term
from db.terms import terms

#: The same decision within a day is a repeat: the second person has not seen the first one's.
REPEAT_WINDOW = timedelta(days=1)
#: A term that is younger is only renewed with a date given.
RECENT_RENEWAL = timedelta(days=30)
MAX_ALTERNATIVE_LENGTH = 100


@dataclass(frozen=True)
class DecisionInput:
    """A decision as a person reports it; `renews_on` is the next renewal's date, if named."""

    outcome: str
    reason: str | None = None
    alternative: str | None = None
    renews_on: date | None = None
    contact_id: int | None = None  # who of theirs told us

    def in_words(self) -> str:
        """As the reason of a move: "they chose us over Initech: it is quicker to start with"."""
        phrase = outcome_text(self.outcome, self.alternative).replace("They", "they", 1)
        return f"{phrase}: {self.reason}" if self.reason else phrase


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
    Raises `UserError` for one that cannot be, or was recorded already; `stages.MovedMeanwhile` when
    somebody else has just moved the account."""
    assert decided.outcome in OUTCOMES
    account_actions.lock_account(work.tx, account)
    account_actions.require_live(account)
    effect = effect_of(work.playbook, account.stage, decided.outcome)
    _check_input(work.playbook, account, decided, effect.to)
    _check_not_repeated(work, account, decided)
    decision = _decision_row(work, account, decided)
    if decided.alternative is not None:
        save_alternative(work, account, decided.alternative)
    target = work.playbook.stage(effect.to) if effect.to else None
    if effect.renews or (target is not None and target.exit):
        passed.record_outcome(work, account, decided.in_words())
    if effect.renews:
        _renew_term(work, account, decided, decision, today)
    moved = None
    if effect.renews and effect.to is None:
        _enter_anew(work, account, decided.in_words())
    if decided.renews_on is not None and not effect.renews:  # the first term's end
        account_actions.save_changes(work.tx, account, renews_on=decided.renews_on)
        decision.renews_on = decided.renews_on
    if effect.to is not None:
        reason, lost_to = decided.in_words(), decided.alternative
        moved = stages.move(work, account, effect.to, reason=reason, seen=seen, lost_to=lost_to)
        decision.moved_to = effect.to
    decision.before = {**decision.before, "then": account.stage_entry}
    work.tx.add(decision)
    write_audit(work, decision, "recorded")
    tell_quoted(work, account, plain(decided.in_words()), "the decision of", work.by.user)
    if moved is None and work.by.user is not None:  # a move tells it with its reason
        words = decided.in_words()
        told = change_messages.decided(
            account.name, account.id, words, person_name(work, work.by.user)
        )
        tell_manager(work, account, "decided", told)
    return RecordedDecision(decision, account, moved)


def next_renewal_date(tx: Tx, account: Account, current: Term, today: date) -> date:
    """When the account renews next, if it renews now."""
    earlier = [each.renews_on for each in terms.list_of_account(tx, account.id) if each.renews_on]
    began_on = current.began_at.date()
    return next_renewal(account.renews_on, earlier=earlier, began_on=began_on, today=today)


def _decision_row(work: Work, account: Account, decided: DecisionInput) -> Decision:
    return Decision(
        account_id=account.id,
        term=account.term,
        stage=account.stage,
        stage_entry=account.stage_entry,
        outcome=decided.outcome,
        reason=decided.reason,
        alternative=decided.alternative,
        contact_id=decided.contact_id,
        by_user=work.by.user,
        source=work.by.source,
        at=work.now,
        before={
            "stage_entered_at": account.stage_entered_at.isoformat(),
            "renews_on": account.renews_on.isoformat() if account.renews_on else None,
        },
    )


def _renew_term(
    work: Work, account: Account, decided: DecisionInput, decision: Decision, today: date
) -> None:
    """Ends the term and begins the next, with a renewal date of its own."""
    current = terms.current_term(work.tx, account)
    if current is None:
        raise UserError(_no_term(work.playbook, account))
    _check_not_just_renewed(account, current, decided, work.now)
    renews_on = decided.renews_on or next_renewal_date(work.tx, account, current, today)
    term_actions.end_term(work, account, current, decided.outcome, decided.reason)
    number = current.number + 1
    account_actions.save_changes(work.tx, account, term=number, renews_on=renews_on)
    term_actions.begin_term(work, account, number)
    decision.next_term, decision.renews_on = number, renews_on


def _enter_anew(work: Work, account: Account, reason: str) -> None:
    """Lets an account that renewed in its stage enter it once more: its plays return."""
    cancel_stage_touchpoints(work, account, "they renewed")
    entered = {"stage_entered_at": work.now, "stage_entry": account.stage_entry + 1}
    account_actions.save_changes(work.tx, account, **entered)
    stages.add_stage_change(work, account, account.stage, reason)
    plan_account(work, account)


def _check_input(
    playbook: Playbook, account: Account, decided: DecisionInput, to: str | None
) -> None:
    line = f"/decision {quoted(account.name)} {decided.outcome} because …"
    if decided.reason and len(decided.reason) > stages.MAX_REASON_LENGTH - 200:
        raise UserError(
            f"That reason has {len(decided.reason):,} characters; the limit "
            f"is {stages.MAX_REASON_LENGTH - 200:,}. Shorten it, and `/log` the rest: `{line}`."
        )
    if decided.alternative and len(decided.alternative) > MAX_ALTERNATIVE_LENGTH:
        raise UserError(
            f"Name the alternative in at most {MAX_ALTERNATIVE_LENGTH} characters: "
            f"`/decision {quoted(account.name)} {decided.outcome} over Initech`."
        )
    target = playbook.stage(to) if to else None
    if target is not None and target.exit and not decided.reason:
        raise UserError(
            f"That moves {plain(account.name)} to {plain(target.name)}. Add a reason: "
            f"`{line} over Initech` names the alternative too."
        )


def _check_not_repeated(work: Work, account: Account, decided: DecisionInput) -> None:
    last = decisions.last_decision(work.tx, account.id)
    if last is None or last.outcome != decided.outcome or work.now - last.at > REPEAT_WINDOW:
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
    first = playbook.stage(first_stage(playbook))
    return (
        f"{plain(account.name)} is in {plain(playbook.stage_name(account.stage))}, so there is "
        f"no term to renew: the first begins with {plain(first.name if first else 'the sale')}. "
        f"`/decision {quoted(account.name)} chose us` begins it."
    )


def write_audit(work: Work, decision: Decision, verb: str) -> None:
    """Records who recorded a decision or took it back: `verb` is "recorded" or "undone"."""
    detail = {"account": decision.account_id, "outcome": decision.outcome}
    audit_action(work, decision, f"decision.{verb}", detail)
