"""Begins and ends an account's terms, as moves and decisions ask for it."""

from bot.actions.audit import audit_action
from bot.actions.touchpoints.nudging import cancel_many
from bot.actions.work import Work
from bot.rules.playbook.playbook import Stage
from bot.rules.terms import is_customer
from db.models import Account, Term
from db.terms import terms
from db.touchpoints import touchpoints

#: Kinds of touchpoints that ask about one term and are cancelled with it.
TERM_KINDS = ("value", "gap", "renewal")


def update_for_move(
    work: Work, account: Account, to: Stage, *, reason: str | None, lost_to: str | None = None
) -> int:
    """Begins or ends a term as a move to `to` asks for; returns the account's term number then. An
    exit ends the open term. An account that comes back is on the way to the next term, which begins
    with the stage that makes a customer."""
    rows = terms.list_of_account(work.tx, account.id)
    current = next((each for each in rows if each.ended_at is None), None)
    if to.exit:
        if current is not None:
            end_term(work, account, current, to.key, reason, lost_to=lost_to)
        return account.term
    number = account.term
    if rows and rows[-1].ended_at is not None:
        number = max(number, rows[-1].number + 1)
    if current is None and is_customer(work.playbook, to.key):
        begin_term(work, account, number)
    return number


def begin_term(work: Work, account: Account, number: int) -> Term:
    """Begins a term; the caller writes its number on the account."""
    term = work.tx.add(
        Term(account_id=account.id, number=number, began_at=work.now, source=work.by.source)
    )
    audit_action(work, account, "term.began", {"term": number})
    return term


def end_term(
    work: Work,
    account: Account,
    term: Term,
    outcome: str,
    reason: str | None,
    *,
    lost_to: str | None = None,
) -> None:
    """Ends a term and cancels what is still asked about it."""
    term.ended_at, term.outcome, term.reason, term.lost_to = work.now, outcome, reason, lost_to
    term.renews_on = account.renews_on
    open_ones = touchpoints.lock_open_of_account(work.tx, account.id)
    of_term = [each for each in open_ones if each.term or each.kind in TERM_KINDS]
    cancel_many(work, of_term, f"term {term.number} is over")
    audit_action(work, account, "term.ended", {"term": term.number, "outcome": outcome})
