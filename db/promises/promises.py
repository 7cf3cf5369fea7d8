"""Queries for promises, each with the touchpoint that holds its state."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, update
from sqlmodel import col, select

from bot.rules.playbook.playbook import MANAGER
from db.core.row_locks import lock_rows
from db.core.tx import Tx
from db.models import Account, Learned, Promise, PromiseChange, Touchpoint
from db.touchpoints.touchpoints import OPEN_STATES


@dataclass(frozen=True)
class PromiseRecord:
    """A promise, its touchpoint and its account."""

    promise: Promise
    touchpoint: Touchpoint
    account: Account


def by_id(tx: Tx, promise_id: int) -> PromiseRecord | None:
    return _load_one(tx, col(Promise.id) == promise_id)


def by_touchpoint(tx: Tx, touchpoint_id: int) -> PromiseRecord | None:
    return _load_one(tx, col(Promise.touchpoint_id) == touchpoint_id)


def lock_promise(tx: Tx, promise_id: int) -> PromiseRecord | None:
    """The promise, locked: others who give it another date at the same time wait."""
    tx.first(lock_rows(select(Promise).where(col(Promise.id) == promise_id)))
    return by_id(tx, promise_id)


def list_open(tx: Tx, account_id: int) -> list[PromiseRecord]:
    """An account's open promises, soonest first."""
    is_open = col(Touchpoint.state).in_(OPEN_STATES)
    return _load_all(tx, col(Promise.account_id) == account_id, is_open)


def list_all(tx: Tx, account_id: int) -> list[PromiseRecord]:
    """Every promise of an account, soonest first."""
    return _load_all(tx, col(Promise.account_id) == account_id)


def by_touchpoints(tx: Tx, ids: Collection[int]) -> dict[int, PromiseRecord]:
    """Promises by the id of their touchpoint."""
    found = _load_all(tx, col(Promise.touchpoint_id).in_(sorted(ids))) if ids else []
    return {each.promise.touchpoint_id: each for each in found}


def list_due_before(tx: Tx, day: date, *where: Any) -> list[PromiseRecord]:
    """Open promises for a day before `day`, of live accounts, the soonest first."""
    return _load_all(
        tx,
        col(Promise.due_on) < day,
        col(Touchpoint.state).in_(OPEN_STATES),
        col(Account.archived_at).is_(None),
        *where,
    )


def list_some_open(tx: Tx, limit: int, *where: Any) -> list[PromiseRecord]:
    """Open promises to live accounts that meet the conditions, the soonest first."""
    is_open = (col(Touchpoint.state).in_(OPEN_STATES), col(Account.archived_at).is_(None))
    return _load_all(tx, *is_open, *where, limit=limit)


def is_due(first: date | None, last: date | None) -> ColumnElement[bool]:
    """The condition that a promise is for a day from `first` to `last`."""
    return col(Promise.due_on).between(first or date.min, last or date.max)


def is_kept_by_department(key: str) -> ColumnElement[bool]:
    return col(Touchpoint.owner) == key


def is_kept_by(user_id: str) -> ColumnElement[bool]:
    """The condition that a person said they would keep a promise, has claimed it, or manages the
    account whose manager keeps it."""
    managed = and_(col(Touchpoint.owner) == MANAGER, col(Account.manager_id) == user_id)
    claimed = and_(col(Touchpoint.state) == "claimed", col(Touchpoint.by_user) == user_id)
    return or_(col(Promise.keeper_id) == user_id, managed, claimed)


def list_newest(tx: Tx, account_id: int, limit: int) -> list[Promise]:
    """The promises made last."""
    mine = select(Promise).where(col(Promise.account_id) == account_id)
    return tx.all(mine.order_by(col(Promise.made_at).desc(), col(Promise.id).desc()).limit(limit))


def list_newest_changes(tx: Tx, account_id: int, limit: int) -> list[tuple[PromiseChange, str]]:
    """The new dates given last, each with the promise's text."""
    return tx.pairs(
        select(PromiseChange, col(Promise.text))
        .join(Promise, col(Promise.id) == col(PromiseChange.promise_id))
        .where(col(PromiseChange.account_id) == account_id)
        .order_by(col(PromiseChange.at).desc(), col(PromiseChange.id).desc())
        .limit(limit)
    )


def changes_by_promise(tx: Tx, ids: Collection[int]) -> dict[int, list[PromiseChange]]:
    """The new dates of promises, oldest first, by the promise's id."""
    if not ids:
        return {}
    found: dict[int, list[PromiseChange]] = {}
    theirs = select(PromiseChange).where(col(PromiseChange.promise_id).in_(sorted(ids)))
    for row in tx.all(theirs.order_by(col(PromiseChange.id))):
        found.setdefault(row.promise_id, []).append(row)
    return found


def count_planned(tx: Tx, account_id: int, key: str) -> int:
    """How often a touchpoint of that key was planned for the account so far."""
    planned = select(func.max(col(Touchpoint.occurrence)))
    return tx.first(planned.filter_by(account_id=account_id, stage_entry=0, play=key)) or 0


def delete_promise(tx: Tx, promised: PromiseRecord) -> None:
    """Takes a promise away as if it had never been made, with its touchpoint."""
    against = update(Learned).filter_by(answered_by_touchpoint=promised.touchpoint.id)
    tx.execute(against.values(answered_by_touchpoint=None))
    tx.delete(PromiseChange, col(PromiseChange.promise_id) == promised.promise.id)
    tx.delete(Promise, col(Promise.id) == promised.promise.id)
    tx.delete(Touchpoint, col(Touchpoint.id) == promised.touchpoint.id)


def _load_one(tx: Tx, *where: Any) -> PromiseRecord | None:
    return next(iter(_load_all(tx, *where)), None)


def _load_all(tx: Tx, *where: Any, limit: int | None = None) -> list[PromiseRecord]:
    promises = (
        select(Promise, Touchpoint, Account)
        .join(Touchpoint, col(Touchpoint.id) == col(Promise.touchpoint_id))
        .join(Account, col(Account.id) == col(Promise.account_id))
        .where(*where)
        .order_by(col(Promise.due_on), col(Promise.id))
        .limit(limit)
    )
    return [PromiseRecord(*row) for row in tx.rows(promises)]
