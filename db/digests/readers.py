"""Who gets a digest, what they are called, and what could not be sent to whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_
from sqlmodel import col, select

from db.core.tx import Tx, columns
from db.models import Account, Audit, Lane, Member, Outbox
from db.outbox.states import DEAD, EXPIRED, HELD, PENDING, POST

#: The messages that people miss when they do not come.
_NUDGES = ("nudge", "reminder", "escalation")


@dataclass(frozen=True)
class DigestReader:
    """An account manager who can be written to; when they want their digest, and when they work."""

    user_id: str
    tz: str
    off: bool
    weekday: int
    hour: int
    hours: str | None
    days: str | None


def list_readers(tx: Tx) -> list[DigestReader]:
    """Everyone who manages an account, guests and those who left excepted."""
    managers = select(col(Account.manager_id)).where(
        col(Account.manager_id).is_not(None), col(Account.archived_at).is_(None)
    )
    fields = "user_id tz digest_off digest_weekday digest_hour hours days"
    readers = (
        select(*columns(Member, fields))
        .where(col(Member.user_id).in_(managers))
        .filter_by(is_guest=False, is_bot=False, is_deleted=False)
        .order_by(col(Member.user_id))
    )
    return [DigestReader(*row) for row in tx.rows(readers)]


def display_names(tx: Tx, user_ids: Collection[str]) -> dict[str, str]:
    """What people are called; those we never met are left out."""
    if not user_ids:
        return {}
    known = col(Member.user_id).in_(sorted(user_ids))
    rows = tx.rows(select(col(Member.user_id), col(Member.name)).where(known))
    return {user_id: name for user_id, name in rows if name}


def was_manager_at(tx: Tx, user_id: str, at: datetime) -> bool:
    """Whether the person already managed one of their accounts at `at`."""
    accounts = tx.all(
        select(col(Account.id)).where(
            col(Account.manager_id) == user_id, col(Account.created_at) <= at
        )
    )
    changed = tx.all(
        select(col(Audit.subject)).where(col(Audit.at) > at, col(Audit.verb) == "account.manager")
    )
    return bool({f"account:{account}" for account in accounts} - set(changed))


def list_unsent(tx: Tx, since: datetime, lane: str | None = None) -> list[Any]:
    """(lane, why, count) of the nudges since `since` that did not arrive, most first.

    `why` is Slack's word or one of the outbox's states; `lane` only that channel's or person's.
    """
    why = func.coalesce(Lane.parked_reason, col(Outbox.last_error), col(Outbox.state)).label("why")
    lost = col(Outbox.state).in_((DEAD, EXPIRED, HELD))
    parked = and_(col(Outbox.state) == PENDING, col(Lane.parked_reason).is_not(None))
    same_lane = and_(
        col(Lane.lane) == col(Outbox.lane), col(Lane.workspace_id) == col(Outbox.workspace_id)
    )
    statement = (
        select(col(Outbox.lane), why, func.count().label("count"))
        .outerjoin(Lane, same_lane)
        .where(
            col(Outbox.kind).in_(_NUDGES),
            col(Outbox.method) == POST,
            col(Outbox.created_at) >= since,
            or_(lost, parked),
        )
        .group_by(col(Outbox.lane), why)
        .order_by(func.count().desc(), col(Outbox.lane))
    )
    if lane is not None:
        statement = statement.where(col(Outbox.lane) == lane)
    return tx.rows(statement)
