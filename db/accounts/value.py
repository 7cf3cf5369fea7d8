"""Queries for the value ledger."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import col

from bot.rules.value import ValueTally
from db.core.tx import Tx
from db.models import ValueEntry


def list_of_account(
    tx: Tx, account_id: int, *, term: int | None = None, limit: int, offset: int = 0
) -> list[ValueEntry]:
    """An account's entries that were not taken back, newest first; `term` only of that one."""
    return tx.all(
        select(ValueEntry)
        .where(*_not_undone(account_id, term))
        .order_by(col(ValueEntry.created_at).desc(), col(ValueEntry.id).desc())
        .limit(limit)
        .offset(offset)
    )


def count_entries(tx: Tx, account_id: int, term: int | None = None) -> int:
    """How many entries an account has that were not taken back."""
    return tx.count(ValueEntry, *_not_undone(account_id, term))


def list_confirmed_later(tx: Tx, account_id: int, limit: int) -> list[ValueEntry]:
    """Entries that were claimed first and confirmed afterwards, last confirmed first."""
    later = select(ValueEntry).where(*_not_undone(account_id, None), is_confirmed_later())
    newest = (col(ValueEntry.confirmed_at).desc(), col(ValueEntry.id).desc())
    return tx.all(later.order_by(*newest).limit(limit))


def is_confirmed_later() -> Any:
    """The condition of an entry that was claimed first and confirmed afterwards."""
    return col(ValueEntry.confirmed_at) > col(ValueEntry.created_at)


def tallies_by_account(tx: Tx, account_ids: Sequence[int]) -> dict[int, list[ValueTally]]:
    """What each of the accounts got, added up by term, confirmation and currency."""
    confirmed = case((col(ValueEntry.confirmed_at).is_not(None), 1), else_=0).label("confirmed")
    found: dict[int, list[ValueTally]] = {account_id: [] for account_id in account_ids}
    rows = tx.rows(
        select(
            col(ValueEntry.account_id),
            col(ValueEntry.term),
            confirmed,
            col(ValueEntry.currency),
            func.count(),
            func.coalesce(func.sum(col(ValueEntry.hundredths)), 0),
        )
        .where(col(ValueEntry.account_id).in_(account_ids), col(ValueEntry.undone_at).is_(None))
        .group_by(
            col(ValueEntry.account_id), col(ValueEntry.term), "confirmed", col(ValueEntry.currency)
        )
    )
    for account_id, term, is_confirmed, currency, entries, hundredths in rows:
        tally = ValueTally(term, bool(is_confirmed), currency, entries, int(hundredths))
        found[account_id].append(tally)
    return found


def account_tallies(tx: Tx, account_id: int) -> list[ValueTally]:
    """The same of one account."""
    return tallies_by_account(tx, [account_id])[account_id]


def _not_undone(account_id: int, term: int | None) -> list[Any]:
    mine = [col(ValueEntry.account_id) == account_id, col(ValueEntry.undone_at).is_(None)]
    return mine if term is None else [*mine, col(ValueEntry.term) == term]
