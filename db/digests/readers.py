"""Who gets a digest, and what people are called."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Account, Audit, Member


def list_readers(tx: Tx, leads: Collection[str]) -> list[Member]:
    """Everyone who manages an account, and the `leads`; guests and those who left excepted."""
    managers = select(col(Account.manager_id)).where(
        col(Account.manager_id).is_not(None), col(Account.archived_at).is_(None)
    )
    user = col(Member.user_id)
    readers = select(Member).where(or_(user.in_(managers), user.in_(sorted(leads))))
    return tx.all(readers.filter_by(is_guest=False, is_bot=False, is_deleted=False).order_by(user))


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
