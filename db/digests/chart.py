"""What the company's picture shows: where accounts stood, and what they got, week by week."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import col, select

from db.core.tx import Tx, columns
from db.models import Account, StageChange, ValueEntry


def list_moves(tx: Tx) -> list[Any]:
    """(account, stage it came into, when, when the account was archived), in order of time."""
    return tx.rows(
        select(*columns(StageChange, "account_id to_stage at"), *columns(Account, "archived_at"))
        .join(Account, col(Account.id) == col(StageChange.account_id))
        .order_by(col(StageChange.at), col(StageChange.id))
    )


def list_value(tx: Tx, since: datetime) -> list[Any]:
    """(when it was noted, when it was confirmed, hundredths, currency) of the value that stands."""
    noted = select(*columns(ValueEntry, "created_at confirmed_at hundredths currency"))
    fresh = col(ValueEntry.created_at) >= since
    return tx.rows(noted.where(col(ValueEntry.undone_at).is_(None), fresh))
