"""The rows behind what is told of a term: touchpoints done in it, moves, who logged something."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Interaction, StageChange, Term, Touchpoint, ValueEntry


def list_done(tx: Tx, term: Term, now: datetime) -> list[Touchpoint]:
    """Touchpoints done in a term, newest first; what an import knows of is not done by anybody."""
    return tx.all(
        select(Touchpoint)
        .where(
            col(Touchpoint.account_id) == term.account_id,
            col(Touchpoint.state) == "done",
            col(Touchpoint.state_at) >= term.began_at,
            col(Touchpoint.state_at) <= (term.ended_at or now),
        )
        .order_by(col(Touchpoint.state_at).desc(), col(Touchpoint.id).desc())
    )


def list_moves(tx: Tx, account_id: int) -> list[StageChange]:
    """Every move of an account, oldest first."""
    return tx.all(
        select(StageChange)
        .where(col(StageChange.account_id) == account_id)
        .order_by(col(StageChange.stage_entry))
    )


def list_loggers(tx: Tx, term: Term, now: datetime) -> list[str]:
    """Who logged interactions (of no touchpoint) and value in a term, once for each."""
    until = term.ended_at or now
    logged = tx.all(
        select(col(Interaction.by_user)).where(
            col(Interaction.account_id) == term.account_id,
            col(Interaction.created_at) >= term.began_at,
            col(Interaction.created_at) <= until,
            col(Interaction.undone_at).is_(None),
            col(Interaction.touchpoint_id).is_(None),
            col(Interaction.by_user).is_not(None),
        )
    )
    noted = tx.all(
        select(col(ValueEntry.by_user)).where(
            col(ValueEntry.account_id) == term.account_id,
            col(ValueEntry.term) == term.number,
            col(ValueEntry.undone_at).is_(None),
            col(ValueEntry.touchpoint_id).is_(None),
            col(ValueEntry.by_user).is_not(None),
        )
    )
    return [*filter(None, logged), *filter(None, noted)]
