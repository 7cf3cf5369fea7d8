"""The rows behind a term's summary: touchpoints done in it, and moves."""

from datetime import datetime

from sqlalchemy import and_
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import StageChange, Term, Touchpoint


def list_done(tx: Tx, term: Term, now: datetime) -> list[Touchpoint]:
    """Touchpoints done in a term, newest first; what the decision ended that began the term belongs
    to the one before. What an import knows of is not done by anybody."""
    done = select(Touchpoint).filter_by(account_id=term.account_id, state="done")
    at = col(Touchpoint.state_at)
    in_term = and_(at > term.began_at, at <= (term.ended_at or now))
    newest = (col(Touchpoint.state_at).desc(), col(Touchpoint.id).desc())
    return tx.all(done.where(in_term).order_by(*newest))


def list_moves(tx: Tx, account_id: int) -> list[StageChange]:
    """Every move of an account, oldest first."""
    moves = select(StageChange).where(col(StageChange.account_id) == account_id)
    return tx.all(moves.order_by(col(StageChange.stage_entry)))
