"""Queries for briefs: which are due, and what was said about a renewal."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import col, select

from bot.rules.briefs import brief_windows
from db.core.row_locks import lock_rows
from db.core.tx import Tx, columns
from db.facts.live import is_live
from db.models import Account, Brief, Touchpoint


class DueBrief(NamedTuple):
    """An account whose brief has not been said."""

    id: int
    name: str
    manager_id: str | None
    renews_on: date


def list_due(
    tx: Tx, today: date, days_before: Sequence[int], exits: Sequence[str], only: int | None = None
) -> list[DueBrief]:
    """Accounts, as rows, whose brief has not been said, the soonest first; `only` one."""
    missing = [
        and_(
            col(Account.renews_on).between(first, last),
            ~_is_posted(tx, col(Brief.days_before) == each),
        )
        for each, first, last in brief_windows(today, days_before)
    ]
    if not missing:
        return []
    live = [is_live(exits)]
    if only is not None:
        live.append(col(Account.id) == only)
    order = (col(Account.renews_on), col(Account.id))
    due = select(*columns(Account, "id name manager_id renews_on"))
    return [DueBrief(*row) for row in tx.rows(due.where(*live, or_(*missing)).order_by(*order))]


def lock_newest(tx: Tx, account_id: int, renews_on: date) -> Brief | None:
    """The last brief about a renewal, locked."""
    said = select(Brief).filter_by(account_id=account_id, renews_on=renews_on)
    nearest = said.where(col(Brief.days_before) > 0).order_by(col(Brief.days_before))
    return tx.first(lock_rows(nearest))


def newest(tx: Tx, account_id: int) -> Brief | None:
    """The last brief about the renewal that is ahead of an account."""
    said = _about_next_renewal(select(Brief)).where(col(Brief.account_id) == account_id)
    return tx.first(said.order_by(col(Brief.id).desc()))


def list_with_brief(tx: Tx, account_ids: Sequence[int]) -> set[int]:
    """Which of the accounts have a brief about the renewal that is ahead of them."""
    found = _about_next_renewal(select(col(Brief.account_id)))
    return set(tx.all_among(found, Brief.account_id, account_ids))


def _about_next_renewal(statement: Any) -> Any:
    joined = statement.join_from(Brief, Account, col(Account.id) == col(Brief.account_id))
    return joined.where(
        col(Brief.renews_on) == col(Account.renews_on), col(Brief.message_id).is_not(None)
    )


def lock_all(tx: Tx, account_id: int, renews_on: date) -> list[Brief]:
    """Every brief about a renewal of an account that was posted, locked."""
    mine = select(Brief).filter_by(account_id=account_id, renews_on=renews_on)
    posted = mine.where(col(Brief.message_id).is_not(None))
    return tx.all(lock_rows(posted.order_by(col(Brief.id))))


def find_previous(tx: Tx, brief: Brief) -> Brief | None:
    """The brief about the same renewal that was posted before this one."""
    said = select(Brief).filter_by(account_id=brief.account_id, renews_on=brief.renews_on)
    earlier = said.where(col(Brief.days_before) > brief.days_before)
    return tx.first(earlier.order_by(col(Brief.days_before)))


def asked_touchpoints(tx: Tx, account_id: int, keys: Sequence[str]) -> dict[str, Touchpoint]:
    """What was asked to fill gaps, by key."""
    gaps = select(Touchpoint).filter_by(account_id=account_id, kind="gap")
    asked = gaps.where(col(Touchpoint.play).in_(keys)).order_by(col(Touchpoint.occurrence))
    return {touchpoint.play: touchpoint for touchpoint in tx.all(asked)}


def _is_posted(tx: Tx, which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        col(Brief.workspace_id) == tx.workspace,
        col(Brief.account_id) == col(Account.id),
        col(Brief.renews_on) == col(Account.renews_on),
        which,
    )
