"""Queries for terms."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, update
from sqlmodel import col, select

from db.core.row_locks import lock_rows
from db.core.tx import Tx
from db.models import (
    Account,
    AdvocacyEntry,
    Alternative,
    Decision,
    Promise,
    StageChange,
    Term,
    Touchpoint,
    ValueEntry,
)


def current_term(tx: Tx, account: Account) -> Term | None:
    """The term an account is in; None before it is a customer, and after it has left."""
    return tx.first(select(Term).filter_by(account_id=account.id, ended_at=None))


def open_terms(tx: Tx, account_ids: Sequence[int]) -> dict[int, Term]:
    """The open term of each of the accounts that has one."""
    terms = tx.all_among(select(Term).filter_by(ended_at=None), Term.account_id, account_ids)
    return {term.account_id: term for term in terms}


def last_term(tx: Tx, account_id: int) -> Term | None:
    """The newest term, ended or not."""
    terms = select(Term).where(col(Term.account_id) == account_id)
    return tx.first(terms.order_by(col(Term.number).desc()))


def by_number(tx: Tx, account_id: int, number: int) -> Term | None:
    """An account's term of that number."""
    return tx.first(select(Term).filter_by(account_id=account_id, number=number))


def list_of_account(tx: Tx, account_id: int) -> list[Term]:
    """Every term of an account, the first first."""
    return tx.all(select(Term).where(col(Term.account_id) == account_id).order_by(col(Term.number)))


def list_customers_without_term(
    tx: Tx, stages: Sequence[str], after: int, limit: int
) -> list[tuple[Account, datetime]]:
    """Accounts in those stages that never had a term, the lowest id above `after` first, each
    with the moment since which it has been in them without a stay elsewhere."""
    has_term = exists().where(
        col(Term.workspace_id) == tx.workspace, col(Term.account_id) == col(Account.id)
    )
    without = (col(Account.id) > after, col(Account.stage).in_(stages), ~has_term)
    first = select(Account).where(*without).order_by(col(Account.id)).limit(limit)
    accounts = tx.all(lock_rows(first, skip=True))
    if not accounts:
        return []
    moves = select(col(StageChange.account_id), col(StageChange.to_stage), col(StageChange.at))
    began: dict[int, datetime] = {}
    of_these = moves.where(col(StageChange.account_id).in_([account.id for account in accounts]))
    for account_id, stage, at in tx.rows(of_these.order_by(col(StageChange.stage_entry))):
        if stage in stages:
            began.setdefault(account_id, at)
        else:
            began.pop(account_id, None)
    return [
        (account, min(account.stage_entered_at, began.get(account.id, account.stage_entered_at)))
        for account in accounts
    ]


def list_unplanned(
    tx: Tx, exits: Sequence[str], after: int, limit: int
) -> list[tuple[Account, Term]]:
    """Live accounts with an open term of which no play was ever planned, the lowest id above
    `after` first."""
    planned = exists().where(
        col(Touchpoint.workspace_id) == tx.workspace,
        col(Touchpoint.account_id) == col(Account.id),
        col(Touchpoint.term) == col(Term.number),
    )
    is_open = and_(col(Term.account_id) == col(Account.id), col(Term.ended_at).is_(None))
    live = (col(Account.archived_at).is_(None), col(Account.stage).not_in(exits))
    found = select(Account, Term).join(Term, is_open)
    unplanned = found.where(col(Account.id) > after, *live, ~planned)
    return tx.pairs(lock_rows(unplanned.order_by(col(Account.id)).limit(limit), skip=True))


def terms_by_account(tx: Tx, account_ids: Sequence[int]) -> dict[int, list[Term]]:
    """The terms of each of the accounts that has one, the first first."""
    terms: dict[int, list[Term]] = {}
    in_order = select(Term).order_by(col(Term.number))
    for term in tx.all_among(in_order, Term.account_id, account_ids):
        terms.setdefault(term.account_id, []).append(term)
    return terms


def list_begun_by_imports(tx: Tx, account_ids: Sequence[int]) -> list[Any]:
    """(id, account id, number) of the terms of those accounts that imports have begun."""
    begun: Any = select(col(Term.id), col(Term.account_id), col(Term.number))
    return tx.rows_among(begun.filter_by(source="import"), Term.account_id, account_ids)


def accounts_with_notes(tx: Tx, account_ids: Sequence[int]) -> set[int]:
    """The accounts of which people noted something in one of their terms."""
    noted: set[int] = set()
    for model in (ValueEntry, Decision, Alternative, AdvocacyEntry, Promise):
        noted.update(tx.all_among(select(col(model.account_id)), model.account_id, account_ids))
    return noted


def set_number(tx: Tx, account_id: int, number: int) -> None:
    """Writes the number of a term that an import began on the account, and on what plays of the
    term ask for."""
    tx.execute(update(Account).where(col(Account.id) == account_id).values(term=number))
    is_open = col(Touchpoint.state).in_(("planned", "nudged", "claimed"))
    of_term = (col(Touchpoint.account_id) == account_id, col(Touchpoint.term) > 0, is_open)
    tx.execute(update(Touchpoint).where(*of_term).values(term=number))


def account_id_of(tx: Tx, term_id: int) -> int | None:
    """The account of a term; None if the term is gone."""
    term = tx.get(Term, term_id)
    return term.account_id if term else None


def undo_begin(tx: Tx, term_id: int, ended_at: datetime | None) -> int | None:
    """Takes back that an import began a term, and ended it then if it did; returns the account,
    unless somebody has ended it since."""
    term = tx.first(select(Term).filter_by(id=term_id, ended_at=ended_at))
    if term is None:
        return None
    tx.delete(Term, col(Term.id) == term_id)
    numbers = select(func.max(col(Term.number))).where(col(Term.account_id) == term.account_id)
    set_number(tx, term.account_id, tx.first(numbers) or 1)
    return term.account_id


def list_done(tx: Tx, term: Term, now: datetime) -> list[Touchpoint]:
    """Touchpoints done in a term, newest first; what the decision ended that began the term belongs
    to the one before. What an import knows of is not done by anybody."""
    done = select(Touchpoint).filter_by(account_id=term.account_id, state="done")
    at = col(Touchpoint.state_at)
    in_term = and_(at > term.began_at, at <= (term.ended_at or now))
    newest = (col(Touchpoint.state_at).desc(), col(Touchpoint.id).desc())
    return tx.all(done.where(in_term).order_by(*newest))


def list_moves(tx: Tx, account_id: int) -> list[StageChange]:
    """Every move of an account, oldest first."""
    moves = select(StageChange).where(col(StageChange.account_id) == account_id)
    return tx.all(moves.order_by(col(StageChange.stage_entry)))
