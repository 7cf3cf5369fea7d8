"""Customers whose renewal date is not known."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from db.core.tx import Tx
from db.models import Account


def list_unknown(tx: Tx, stages: Sequence[str], limit: int, *where: Any) -> list[Any]:
    """(id, name, total) of live accounts in those stages without a date, by name."""
    return tx.rows(
        select(col(Account.id), col(Account.name), func.count().over().label("total"))
        .where(
            col(Account.archived_at).is_(None),
            col(Account.stage).in_(stages),
            col(Account.renews_on).is_(None),
            *where,
        )
        .order_by(col(Account.name_key))
        .limit(limit)
    )
