"""Accounts that have crossed from on track to behind, or to stuck, and were not told of yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, exists, or_
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Account, PaceTold


def list_crossed(tx: Tx, level: str, before: Mapping[str, datetime], limit: int) -> list[Account]:
    """The accounts of each stage that came into it, and to us, before that moment, and that
    `level` was not told of; those that fall first in the alphabet first."""
    # Most days nobody has: that is asked in less time than the whole question takes to build.
    if (
        not before
        or tx.first(
            select(col(Account.id)).where(
                col(Account.archived_at).is_(None),
                col(Account.stage_entered_at) < max(before.values()),
                col(Account.created_at) < max(before.values()),
            )
        )
        is None
    ):
        return []
    too_long = or_(
        *(
            and_(
                col(Account.stage) == stage,
                col(Account.stage_entered_at) < moment,
                col(Account.created_at) < moment,
            )
            for stage, moment in before.items()
        )
    )
    told = exists().where(
        col(PaceTold.workspace_id) == tx.workspace,
        col(PaceTold.account_id) == col(Account.id),
        col(PaceTold.stage_entry) == col(Account.stage_entry),
        col(PaceTold.level) == level,
    )
    return tx.all(
        select(Account)
        .where(col(Account.archived_at).is_(None), too_long, ~told)
        .order_by(col(Account.name_key), col(Account.id))
        .limit(limit)
    )


def mark_told(tx: Tx, account: Account, level: str, now: datetime) -> bool:
    """Says that a crossing is dealt with; False if it was already."""
    told = PaceTold(account_id=account.id, stage_entry=account.stage_entry, level=level, at=now)
    return tx.add_once(told) is not None
