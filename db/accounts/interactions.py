"""Queries for what happened with customers."""

from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Interaction


def list_of_touchpoint(tx: Tx, touchpoint_id: int) -> list[Interaction]:
    """What was told of a touchpoint and not taken back."""
    return tx.all(
        select(Interaction).where(
            col(Interaction.touchpoint_id) == touchpoint_id, col(Interaction.undone_at).is_(None)
        )
    )
