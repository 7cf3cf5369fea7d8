"""Queries for decisions and the alternatives customers know. A decision that renews moves
`Account.renews_on` on, and one that leaves moves the account into an exit. So an account in a term
whose renewal date has passed has not decided."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import exists
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import RENEWAL, Account, Alternative, Decision, Term, Touchpoint
from db.touchpoints.touchpoints import OPEN_STATES


def last_decision(tx: Tx, account_id: int) -> Decision | None:
    """The newest decision that was not taken back."""
    return tx.first(_select_active(account_id).limit(1))


def list_of_account(
    tx: Tx, account_id: int, *, term: int | None = None, limit: int = 50
) -> list[Decision]:
    """Decisions that were not taken back, newest first; `term` only those made in that one."""
    mine = _select_active(account_id).limit(limit)
    return tx.all(mine if term is None else mine.where(col(Decision.term) == term))


def is_open(tx: Tx, account: Account) -> bool:
    """Whether the decision of the stage the account is in has not been recorded yet. A decision
    counts for one entry into a stage and one term: an account that renews and stays in the stage
    decides there again."""
    here = (
        col(Decision.stage_entry) == account.stage_entry,
        col(Decision.stage) == account.stage,
        col(Decision.term) == account.term,
    )
    return tx.first(_select_active(account.id).where(*here)) is None


def list_alternatives(tx: Tx, account_id: int) -> list[Alternative]:
    """The ways the customer could go instead of ours, last heard of first."""
    return tx.all(
        select(Alternative)
        .where(col(Alternative.account_id) == account_id)
        .order_by(col(Alternative.at).desc(), col(Alternative.id).desc())
    )


def save_alternative(tx: Tx, alternative: Alternative) -> Alternative:
    """Remembers an alternative; one that is known already has been heard of anew."""
    if (added := tx.add_once(alternative)) is not None:
        return added
    key = {"account_id": alternative.account_id, "name_key": alternative.name_key}
    known = tx.one(select(Alternative).filter_by(**key))
    known.term, known.at, known.by_user = alternative.term, alternative.at, alternative.by_user
    known.settled_at = known.settled_by = None
    return known


def _select_active(account_id: int) -> Any:
    newest = (col(Decision.at).desc(), col(Decision.id).desc())
    mine = (col(Decision.account_id) == account_id, col(Decision.undone_at).is_(None))
    return select(Decision).where(*mine).order_by(*newest)


def list_undecided(tx: Tx, today: date, exits: Sequence[str], limit: int) -> list[Account]:
    """Customers whose renewal date is past and of which nobody is asked, the longest past first."""
    in_term = exists().where(
        col(Term.workspace_id) == tx.workspace,
        col(Term.account_id) == col(Account.id),
        col(Term.ended_at).is_(None),
    )
    is_asked = exists().where(
        col(Touchpoint.workspace_id) == tx.workspace,
        col(Touchpoint.account_id) == col(Account.id),
        col(Touchpoint.kind) == RENEWAL,
        col(Touchpoint.state).in_(OPEN_STATES),
    )
    live = (col(Account.archived_at).is_(None), col(Account.stage).not_in(exits))
    undecided = select(Account).where(*live, col(Account.renews_on) < today, in_term, ~is_asked)
    return tx.all(undecided.order_by(col(Account.renews_on), col(Account.id)).limit(limit))
