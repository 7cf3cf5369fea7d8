"""An account's whole story: interactions, touchpoints that ended, moves; newest first."""

from typing import Any

from sqlmodel import col, select

from db.core.tx import Tx
from db.handoffs import handoffs
from db.models import Interaction, StageChange, Touchpoint
from db.promises import promises

ENDED_STATES = ("done", "skipped", "cancelled")


def count_entries(tx: Tx, account_id: int) -> int:
    """How many entries there are in all."""
    return (
        tx.count(Interaction, *_interactions(account_id))
        + tx.count(Touchpoint, *_ended(account_id))
        + tx.count(StageChange, col(StageChange.account_id) == account_id)
        + promises.count_timeline_lines(tx, account_id)
        + handoffs.count_timeline_lines(tx, account_id)
    )


def list_interactions(tx: Tx, account_id: int, limit: int) -> list[Interaction]:
    """What was logged and not undone."""
    newest = (col(Interaction.happened_on), col(Interaction.created_at), col(Interaction.id))
    return _newest(tx, Interaction, _interactions(account_id), newest, limit)


def list_ended(tx: Tx, account_id: int, limit: int) -> list[Touchpoint]:
    """Touchpoints done, skipped or no longer needed."""
    newest = (col(Touchpoint.state_at), col(Touchpoint.id))
    return _newest(tx, Touchpoint, _ended(account_id), newest, limit)


def list_moves(tx: Tx, account_id: int, limit: int) -> list[StageChange]:
    newest = (col(StageChange.at), col(StageChange.id))
    return _newest(tx, StageChange, [col(StageChange.account_id) == account_id], newest, limit)


def _interactions(account_id: int) -> list[Any]:
    return [col(Interaction.account_id) == account_id, col(Interaction.undone_at).is_(None)]


def _ended(account_id: int) -> list[Any]:
    return [col(Touchpoint.account_id) == account_id, col(Touchpoint.state).in_(ENDED_STATES)]


def _newest(tx: Tx, model: Any, where: list[Any], newest: tuple[Any, ...], limit: int) -> list[Any]:
    order = [column.desc() for column in newest]
    return tx.all(select(model).where(*where).order_by(*order).limit(limit))
