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
from bot.messages.kit.parts import day, person, plain, typed, when
from bot.rules.decisions import Leads, leads
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import Playbook
from bot.rules.playbook.sections import CHOSE_OTHER, OUTCOMES
from bot.rules.terms import begins, next_renewal
from bot.rules.text import names
from db.core.tx import Tx
from db.lifecycle import decisions
from db.models import Account, Alternative, Decision, Term
from db.terms import terms

#: Nobody decides the same twice within a day: the second has not seen the first.
AGAIN = timedelta(days=1)
#: Nor renews a term that has only just begun, unless they name the date.
JUST_RENEWED = timedelta(days=30)
LONGEST_ALTERNATIVE = 100
_SAID = {
    "renewed": "they renewed",
    "expanded": "they expanded",
    "reduced": "they reduced",
    "adopted": "they adopted it",
    "chose us": "they chose us",
    "chose other": "they chose another way",
    "none": "they chose none of the ways",
}


@dataclass(frozen=True)
class Decided:
    """What a person says: `renews_on` is the next renewal's date, if they name it."""

    outcome: str
    reason: str | None = None
    alternative: str | None = None
    renews_on: date | None = None

    def in_words(self) -> str:
        """As the reason of a move: «they chose us over Initech: it is quicker to start with»."""
        said, alternative = _SAID[self.outcome], self.alternative
        if alternative is not None:
            lost = self.outcome == CHOSE_OTHER
            said = f"they chose {alternative}" if lost else f"{said} over {alternative}"
        return f"{said}: {self.reason}" if self.reason else said


@dataclass(frozen=True)
class Recorded:
    """A decision that was recorded, and the move it led to, if any."""

    decision: Decision
    account: Account
    moved: stages.Moved | None


def record(
    work: Work, account: Account, decided: Decided, *, today: date, seen: int | None = None
) -> Recorded:
    """Records a decision; `today` is the person's own day, `seen` the stage entry they looked at.

    Raises `UserError` for one that cannot be, or was recorded already; `stages.MovedMeanwhile`
    when somebody else has just moved the account.
    """
    assert decided.outcome in OUTCOMES
    account_actions.hold(work.tx, account)
    account_actions.live(account)
    to = leads(work.playbook, account.stage, decided.outcome)
    _guard_words(work.playbook, account, decided, to)
    _guard_again(work.tx, account, decided, work.now)
    current = terms.current(work.tx, account)
    decision = _row(account, decided, work.by, work.now)
    if decided.alternative is not None:
        note_alternative(work, account, decided.alternative)
    if to.renews:
        if current is None:
            raise UserError(_no_term(work.playbook, account))
        _renew(work, account, current, decided, decision, to, today)
    moved = None
    if to.to is not None:
        moved = stages.move(work,
            account, to.to, reason=decided.in_words(), seen=seen, lost_to=decided.alternative)  # fmt: skip
        decision.moved_to = to.to
    decision.before = {**decision.before, "then": account.stage_entry}
    work.tx.add(decision)
    audit_decision(work, decision, "recorded")
    return Recorded(decision, account, moved)


def note_alternative(work: Work, account: Account, name: str) -> None:
    """Remembers a way the customer could go instead of ours."""
    decisions.note_alternative(
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


def renewal_after(tx: Tx, account: Account, current: Term, today: date) -> date:
    """When the account renews next, if it renews now."""
    earlier = [each.renews_on for each in terms.of_account(tx, account.id) if each.renews_on]
    began_on = current.began_at.date()
    return next_renewal(account.renews_on, earlier=earlier, began_on=began_on, today=today)


def _row(account: Account, decided: Decided, by: Actor, now: datetime) -> Decision:
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


def _renew(
    work: Work,
    account: Account,
    current: Term,
    decided: Decided,
    decision: Decision,
    to: Leads,
    today: date,
) -> None:
    """Ends the term and begins the next, with a renewal date of its own."""
    _guard_just_renewed(account, current, decided, work.now)
    renews_on = decided.renews_on or renewal_after(work.tx, account, current, today)
    term_actions.end(work, account, current, decided.outcome, decided.reason)
    number = current.number + 1
    if to.to is None:
        # It stays: what hangs on the renewal is planned anew where it stands.
        plan_changes.set_renewal(work, account, renews_on)
        account_actions.change(work.tx, account, term=number)
    else:
        account_actions.change(work.tx, account, term=number, renews_on=renews_on)
    term_actions.begin(work, account, number)
    decision.next_term, decision.renews_on = number, renews_on


def _guard_words(playbook: Playbook, account: Account, decided: Decided, to: Leads) -> None:
    line = f"/decision {typed(account.name)} {decided.outcome} because …"
    if decided.reason and len(decided.reason) > stages.LONGEST_REASON - 200:
        raise UserError(
            f"That reason has {len(decided.reason):,} characters, and "
            f"{stages.LONGEST_REASON - 200:,} is the most. Give the gist, and `/log` the rest: "
            f"`{line}`."
        )
    if decided.alternative and len(decided.alternative) > LONGEST_ALTERNATIVE:
        raise UserError(
            f"Name the alternative in at most {LONGEST_ALTERNATIVE} characters: "
            f"`/decision {typed(account.name)} {decided.outcome} over Initech`."
        )
    target = playbook.stage(to.to) if to.to else None
    if target is not None and target.exit and not decided.reason:
        raise UserError(
            f"That takes {plain(account.name)} out, to {plain(target.name)}: say why, so that the "
            f"next person knows. `{line} over Initech` says to whom as well."
        )


def _guard_again(tx: Tx, account: Account, decided: Decided, now: datetime) -> None:
    last = decisions.last(tx, account.id)
    if last is None or last.outcome != decided.outcome or now - last.at > AGAIN:
        return
    who = person(last.by_user) if last.by_user else "Somebody"
    raise UserError(
        f"{who} recorded that for {plain(account.name)} already, {when(last.at)}. Nothing was "
        f"changed. `/account {typed(account.name)}` shows where it stands."
    )


def _guard_just_renewed(account: Account, current: Term, decided: Decided, now: datetime) -> None:
    if current.number == 1 or decided.renews_on or now - current.began_at > JUST_RENEWED:
        return
    until = f", until {day(account.renews_on)}" if account.renews_on else ""
    raise UserError(
        f"Term {current.number} of {plain(account.name)} has only just begun, "
        f"{when(current.began_at)}{until}. If they renewed once more, name the next date: "
        f"`/decision {typed(account.name)} {decided.outcome} until 2029-03-31`."
    )


def _no_term(playbook: Playbook, account: Account) -> str:
    here = playbook.stage(account.stage)
    first = playbook.stage(begins(playbook))
    return (
        f"{plain(account.name)} is in {plain(here.name if here else account.stage)}, so there is "
        f"no term to renew: the first begins with {plain(first.name if first else 'the sale')}. "
        f"`/decision {typed(account.name)} chose us` begins it."
    )


def audit_decision(work: Work, decision: Decision, verb: str) -> None:
    """Leaves the line that says who recorded it or took it back."""
    detail = {"account": decision.account_id, "outcome": decision.outcome}
    audit_action(work, decision, f"decision.{verb}", detail)
