"""Accounts that have fallen behind or got stuck and were not reported yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, cast, exists, or_
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Account, ReasonTold


def list_crossed(tx: Tx, level: str, before: Mapping[str, datetime], limit: int) -> list[Account]:
    """Accounts that are longer in their stage than `before` allows and were not reported as `level`
    yet, by name."""
    if not before:
        return []
    # Most days there are none: this finds out in less time than building the whole query takes.
    any_old = select(col(Account.id)).where(
        col(Account.archived_at).is_(None),
        col(Account.stage_entered_at) < max(before.values()),
        col(Account.created_at) < max(before.values()),
    )
    if tx.first(any_old) is None:
        return []
    told = exists().where(
        col(ReasonTold.workspace_id) == tx.workspace,
        col(ReasonTold.account_id) == col(Account.id),
        col(ReasonTold.key) == cast(col(Account.stage_entry), String),
        col(ReasonTold.kind) == level,
    )
    return tx.all(
        select(Account)
        .where(col(Account.archived_at).is_(None), is_longer_in_stage(before), ~told)
        .order_by(col(Account.name_key), col(Account.id))
        .limit(limit)
    )


def is_longer_in_stage(before: Mapping[str, datetime]) -> ColumnElement[bool]:
    """Accounts that came into their stage, and to us, before that moment of it."""
    return or_(
        *(
            and_(
                col(Account.stage) == stage,
                col(Account.stage_entered_at) < moment,
                col(Account.created_at) < moment,
            )
            for stage, moment in before.items()
        )
    )


def mark_told(tx: Tx, account: Account, level: str, now: datetime) -> bool:
    """Says that a crossing is dealt with; False if it was already."""
    told = ReasonTold(account_id=account.id, kind=level, key=str(account.stage_entry), at=now)
    return tx.add_once(told) is not None
