"""Touchpoints by the play that asked for them, for changes of the playbook."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from db.core.tx import Tx
from db.models import PLAY, Account, Touchpoint
from db.touchpoints.touchpoints import OPEN_STATES


def list_open(tx: Tx) -> list[tuple[Touchpoint, Account]]:
    """Everything open that the playbook asked for, with its account."""
    rows = tx.rows(
        select(Touchpoint, Account)
        .join(Account, col(Account.id) == col(Touchpoint.account_id))
        .where(col(Touchpoint.kind) == PLAY, col(Touchpoint.state).in_(OPEN_STATES))
        .order_by(col(Touchpoint.id))
    )
    return [(touchpoint, account) for touchpoint, account in rows]


def list_of_current_entry(tx: Tx, plays: Sequence[str]) -> list[Touchpoint]:
    """Touchpoints of these plays since their account entered its stage, whatever their state."""
    current = col(Touchpoint.stage_entry) == col(Account.stage_entry)
    statement = select(Touchpoint).join(Account, col(Account.id) == col(Touchpoint.account_id))
    return tx.all(statement.where(col(Touchpoint.play).in_(plays), current))
