"""Queries for accounts that come into a stage by themselves before their renewal."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import col, select

from db.core.tx import Tx, columns
from db.models import Account, StageChange, Term

#: Candidates that are looked at in one go, the soonest renewal first.
MAX_CANDIDATES = 5000


def list_candidates(tx: Tx, now: datetime, today: date, days: int, exits: Sequence[str]) -> Any:
    """(account id, stage, renewal date, created, entered for, began, source) of customers who may
    renew within `days`; a term without a date lasts a year."""
    known = col(Account.renews_on).between(today, today + timedelta(days=days))
    year = timedelta(days=366)
    assumed = and_(
        col(Account.renews_on).is_(None),
        col(Term.began_at) <= now - year + timedelta(days=days + 2),
        col(Account.created_at) >= now - year,
    )
    own = columns(Account, "id stage renews_on created_at entered_for")
    found: Any = select(*own, *columns(Term, "began_at source"))
    is_open = and_(col(Term.account_id) == col(Account.id), col(Term.ended_at).is_(None))
    live = (col(Account.archived_at).is_(None), col(Account.stage).not_in(exits))
    due = found.join(Term, is_open).where(*live, or_(known, assumed))
    return tx.rows(due.order_by(col(Account.renews_on), col(Account.id)).limit(MAX_CANDIDATES))


def list_entered(
    tx: Tx, stage: str, since: datetime, until: datetime
) -> list[tuple[StageChange, Account]]:
    """Who came into a stage by themselves in that time and is there still, by name."""
    still = and_(
        col(Account.id) == col(StageChange.account_id),
        col(Account.stage_entry) == col(StageChange.stage_entry),
    )
    moves = (
        select(StageChange, Account)
        .join(Account, still)
        .where(
            col(StageChange.source) == "clock",
            col(StageChange.to_stage) == stage,
            col(StageChange.at) >= since,
            col(StageChange.at) < until,
        )
    )
    return tx.pairs(moves.order_by(col(Account.name_key)))
