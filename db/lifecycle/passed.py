"""Queries for renewal dates that passed without a decision."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import RENEWAL, Account, Term, Touchpoint
from db.touchpoints.touchpoints import OPEN_STATES


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
