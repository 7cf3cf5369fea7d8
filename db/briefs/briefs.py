"""Queries for briefs: which are due, and what was said about a renewal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import col, select

from bot.rules.briefs import brief_windows
from db.core.row_locks import lock_rows
from db.core.tx import Tx
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
    """Accounts whose brief has not been said, the soonest renewal first;
    `only` looks at that one.

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
    live: list[ColumnElement[bool]] = [
        col(Account.archived_at).is_(None),
        col(Account.stage).not_in(exits),
    ]
    if only is not None:
        live.append(col(Account.id) == only)
    order = (col(Account.renews_on), col(Account.id))
    columns = (col(Account.id), col(Account.name), col(Account.manager_id), col(Account.renews_on))
    found = tx.rows(select(*columns).where(*live, or_(*missing)).order_by(*order))
    return [DueBrief(row_id, name, manager, on) for row_id, name, manager, on in found if on]


def list_undecided(tx: Tx, today: date, exits: Sequence[str]) -> list[Account]:
    """Customers whose renewal date has come without a decision: one that renews sets the next
    date, and one that leaves ends the term."""
    in_term = exists().where(
        col(Term.workspace_id) == tx.workspace,
        col(Term.account_id) == col(Account.id),
        col(Term.ended_at).is_(None),
    )
    return tx.all(
        select(Account)
        .where(
            col(Account.archived_at).is_(None),
            col(Account.renews_on) <= today,
            col(Account.stage).not_in(exits),
            in_term,
        )
        .order_by(col(Account.renews_on), col(Account.id))
    )


def list_recently_reminded(tx: Tx, now: datetime) -> set[tuple[int, date]]:
    """(account, renewal date) of those of which it was said within a week that nobody decided."""
    rows = tx.rows(
        select(col(Brief.account_id), col(Brief.renews_on)).where(
            col(Brief.days_before) == 0, col(Brief.at) > now - ONE_WEEK
        )
    )
    return {(account_id, renews_on) for account_id, renews_on in rows}


def lock_newest(tx: Tx, account_id: int, renews_on: date) -> Brief | None:
    """The last brief about a renewal, locked."""
    mine = (
        col(Brief.account_id) == account_id,
        col(Brief.renews_on) == renews_on,
        col(Brief.days_before) > 0,
    )
    nearest = select(Brief).where(*mine).order_by(col(Brief.days_before))
    return tx.first(lock_rows(nearest))


def lock_undecided_row(tx: Tx, account: Account) -> Brief:
    """The row that says when it was last told that nobody decided."""
    mine = (
        col(Brief.account_id) == account.id,
        col(Brief.renews_on) == account.renews_on,
        col(Brief.days_before) == 0,
    )
    return tx.one(lock_rows(select(Brief).where(*mine)))


def asked_touchpoints(tx: Tx, account_id: int, keys: Sequence[str]) -> dict[str, Touchpoint]:
    """What was asked to fill gaps, by key."""
    mine = (
        col(Touchpoint.account_id) == account_id,
        col(Touchpoint.kind) == "gap",
        col(Touchpoint.play).in_(keys),
    )
    rows = tx.all(select(Touchpoint).where(*mine).order_by(col(Touchpoint.occurrence)))
    return {row.play: row for row in rows}


def _is_posted(tx: Tx, which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        col(Brief.workspace_id) == tx.workspace,
        col(Brief.account_id) == col(Account.id),
        col(Brief.renews_on) == col(Account.renews_on),
        which,
    )
