"""What people noted of customers, and who does not want to be thanked by name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import AdvocacyEntry, Member, ValueEntry

_NOTED: tuple[tuple[Any, Any], ...] = (
    (ValueEntry, col(ValueEntry.created_at)),
    (AdvocacyEntry, col(AdvocacyEntry.at)),
)


def count_contributions(tx: Tx, since: datetime, until: datetime) -> list[Any]:
    """(user, count) of value and favours noted in a span of time, but for those that a touchpoint
    brought back."""
    found: list[Any] = []
    for model, at in _NOTED:
        found += tx.rows(
            select(col(model.by_user), func.count())
            .where(at >= since, at < until, col(model.undone_at).is_(None))
            .where(col(model.by_user).is_not(None), col(model.touchpoint_id).is_(None))
            .group_by(col(model.by_user))
        )
    return found


def members_without_thanks(tx: Tx) -> set[str]:
    """Who does not want to be thanked by name."""
    return set(tx.all(select(col(Member.user_id)).where(col(Member.thanks_off).is_(True))))
