"""Queries for briefs: which are due, and what was said about a renewal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import col, select

from bot.rules.briefs import brief_windows
from db.core.row_locks import lock_rows
from db.core.tx import Tx, columns
from db.facts.live import is_live
from db.models import Account, Brief, Term, Touchpoint

ONE_WEEK = timedelta(days=7)


class DueBrief(NamedTuple):
    """An account whose brief has not been said."""

    id: int
    name: str
    manager_id: str | None
    renews_on: date


def list_due(
    tx: Tx, today: date, days_before: Sequence[int], exits: Sequence[str], only: int | None = None
) -> list[DueBrief]:
    """Accounts whose brief has not been said, the soonest renewal first; `only` one account.

    They can be very many: no objects are made of them.
    """
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


def list_undecided(tx: Tx, today: date, exits: Sequence[str]) -> list[Account]:
    """Customers whose renewal date has come without a decision."""
    in_term = exists().where(
        col(Term.workspace_id) == tx.workspace,
        col(Term.account_id) == col(Account.id),
        col(Term.ended_at).is_(None),
    )
    return tx.all(
        select(Account)
        .where(
            is_live(exits),
            col(Account.renews_on) <= today,
            in_term,
        )
        .order_by(col(Account.renews_on), col(Account.id))
    )


def list_recently_reminded(tx: Tx, now: datetime) -> set[tuple[int, date]]:
    """(account, renewal date) of those of which it was said within a week that nobody decided."""
    lately = (col(Brief.days_before) == 0, col(Brief.at) > now - ONE_WEEK)
    rows = tx.rows(select(col(Brief.account_id), col(Brief.renews_on)).where(*lately))
    return {(*row,) for row in rows}


def lock_newest(tx: Tx, account_id: int, renews_on: date) -> Brief | None:
    """The last brief about a renewal, locked."""
    said = select(Brief).filter_by(account_id=account_id, renews_on=renews_on)
    nearest = said.where(col(Brief.days_before) > 0).order_by(col(Brief.days_before))
    return tx.first(lock_rows(nearest))


def find_previous(tx: Tx, brief: Brief) -> Brief | None:
    """The brief about the same renewal that was posted before this one."""
    said = select(Brief).filter_by(account_id=brief.account_id, renews_on=brief.renews_on)
    earlier = said.where(col(Brief.days_before) > brief.days_before)
    return tx.first(earlier.order_by(col(Brief.days_before)))


def lock_undecided_row(tx: Tx, account: Account) -> Brief:
    """The row that says when it was last told that nobody decided."""
    about = {"account_id": account.id, "renews_on": account.renews_on, "days_before": 0}
    return tx.one(lock_rows(select(Brief).filter_by(**about)))


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
