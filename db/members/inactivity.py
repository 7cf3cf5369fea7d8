"""Managers with open touchpoints of whom nothing has been recorded for a while."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Account, Audit, Occurrence, Touchpoint


def list_waiting(tx: Tx, shown_before: datetime) -> dict[str, int]:
    """Manager -> how many of their touchpoints are open, where one was shown before that time."""
    counted = (
        select(col(Account.manager_id), func.count())
        .join(Touchpoint, col(Touchpoint.account_id) == col(Account.id))
        .where(
            col(Touchpoint.state) == "nudged",
            col(Touchpoint.owner) == "manager",
            col(Account.manager_id).is_not(None),
            col(Account.archived_at).is_(None),
        )
        .group_by(col(Account.manager_id))
        .having(func.min(col(Touchpoint.nudged_at)) < shown_before)
    )
    return {manager: count for manager, count in tx.rows(counted) if manager is not None}


def list_active(tx: Tx, since: datetime) -> set[str]:
    """Everybody who has changed anything since then."""
    acted = select(col(Audit.by_user)).where(col(Audit.at) > since, col(Audit.by_user).is_not(None))
    return {user for user in tx.all(acted.distinct()) if user is not None}


def last_question(tx: Tx, schedule: str, since: datetime) -> Occurrence | None:
    """When a manager was asked last, since that time."""
    asked = select(Occurrence).filter_by(schedule=schedule).where(col(Occurrence.ran_at) > since)
    return tx.first(asked.order_by(col(Occurrence.ran_at).desc()))
