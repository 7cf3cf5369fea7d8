"""Queries for terms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, func, update
from sqlmodel import col, select

from db.core.all_workspaces import longest_waiting
from db.core.row_locks import lock_rows
from db.core.tx import Tx
from db.imports.imports import chunks
from db.models import (
    Account,
    AdvocacyEntry,
    Alternative,
    Decision,
    Promise,
    StageChange,
    Term,
    ValueEntry,
)


def current_term(tx: Tx, account: Account) -> Term | None:
    """The term an account is in; None for who is no customer yet, or has left."""
    return tx.first(
        select(Term).where(col(Term.account_id) == account.id, col(Term.ended_at).is_(None))
    )


def last_term(tx: Tx, account_id: int) -> Term | None:
    """The newest term, ended or not."""
    return tx.first(
        select(Term).where(col(Term.account_id) == account_id).order_by(col(Term.number).desc())
    )


def by_number(tx: Tx, account_id: int, number: int) -> Term | None:
    return tx.first(
        select(Term).where(col(Term.account_id) == account_id, col(Term.number) == number)
    )


def list_of_account(tx: Tx, account_id: int) -> list[Term]:
    """Every term of an account, the first first."""
    return tx.all(select(Term).where(col(Term.account_id) == account_id).order_by(col(Term.number)))


def count_starts_and_ends(tx: Tx, account_id: int) -> int:
    """How many beginnings and ends of terms an account has."""
    mine = col(Term.account_id) == account_id
    return tx.count(Term, mine) + tx.count(Term, mine, col(Term.ended_at).is_not(None))


def schedule_check(tx: Tx, account_id: int, check_at: datetime) -> None:
    """Lets the clock look at the account's open term then, if it has not looked yet."""
    tx.execute(
        update(Term)
        .where(
            col(Term.account_id) == account_id,
            col(Term.ended_at).is_(None),
            col(Term.check_at).is_not(None),
        )
        .values(check_at=check_at)
    )


def reschedule_check(tx: Tx, term: Term, at: datetime | None) -> None:
    """When the clock looks at a term's value again; never, once it has looked."""
    term.check_at = at


def postpone_check(tx: Tx, term_id: int, until: datetime) -> None:
    """Lets the clock look at a term again only then."""
    tx.execute(update(Term).where(col(Term.id) == term_id).values(check_at=until))


def check_soon(tx: Tx, account_ids: Sequence[int], now: datetime) -> None:
    """Lets the clock look at those accounts' terms at the next tick: their dates have changed."""
    for ids in chunks(account_ids):
        waiting = (col(Term.check_at).is_not(None), col(Term.ended_at).is_(None))
        tx.execute(update(Term).where(col(Term.account_id).in_(ids), *waiting).values(check_at=now))


def list_customers_without_term(
    tx: Tx, stages: Sequence[str], after: int, limit: int
) -> list[tuple[Account, datetime]]:
    """Accounts in those stages that never had a term, the lowest id above `after` first, each
    with the moment since which it has been in them without a stay elsewhere."""
    found = {
        account.id: account
        for account in tx.all(
            lock_rows(
                select(Account)
                .where(
                    col(Account.id) > after,
                    col(Account.stage).in_(stages),
                    ~select(col(Term.id))
                    .where(
                        col(Term.workspace_id) == tx.workspace,
                        col(Term.account_id) == col(Account.id),
                    )
                    .exists(),
                )
                .order_by(col(Account.id))
                .limit(limit),
                skip=True,
            )
        )
    }
    if not found:
        return []
    moves = select(col(StageChange.account_id), col(StageChange.to_stage), col(StageChange.at))
    began: dict[int, datetime] = {}
    mine = moves.where(col(StageChange.account_id).in_(list(found)))
    for account_id, stage, at in tx.rows(mine.order_by(col(StageChange.stage_entry))):
        if stage in stages:
            began.setdefault(account_id, at)
        else:
            began.pop(account_id, None)
    entered = {one: account.stage_entered_at for one, account in found.items()}
    return [
        (account, min(entered[one], began.get(one or 0, entered[one])))
        for one, account in found.items()
    ]


def terms_by_account(tx: Tx, account_ids: Sequence[int]) -> dict[int, list[Term]]:
    """The terms of each of the accounts that has one, the first first."""
    found: dict[int, list[Term]] = {}
    for ids in chunks(account_ids):
        mine = select(Term).where(col(Term.account_id).in_(ids)).order_by(col(Term.number))
        for term in tx.all(mine):
            found.setdefault(term.account_id, []).append(term)
    return found


def list_begun_by_imports(tx: Tx, account_ids: Sequence[int]) -> list[Any]:
    """(id, account id, number) of the terms of those accounts that imports have begun."""
    columns = (col(Term.id), col(Term.account_id), col(Term.number))
    found: list[Any] = []
    for ids in chunks(account_ids):
        mine = (col(Term.account_id).in_(ids), col(Term.source) == "import")
        found += tx.rows(select(*columns).where(*mine))
    return found


def accounts_with_notes(tx: Tx, account_ids: Sequence[int]) -> set[int]:
    """The accounts of which people noted something in one of their terms."""
    found: set[int] = set()
    for ids in chunks(account_ids):
        for model in (ValueEntry, Decision, Alternative, AdvocacyEntry, Promise):
            theirs = col(model.account_id)
            found.update(tx.all(select(theirs).where(theirs.in_(ids))))
    return found


def set_dates(tx: Tx, term_id: int, values: dict[str, Any]) -> None:
    """Gives a term other dates."""
    tx.execute(update(Term).where(col(Term.id) == term_id).values(**values))


def restore_dates(tx: Tx, term_id: int, after: dict[str, Any], before: dict[str, Any]) -> bool:
    """Gives a term the dates it had before an import, if it still has the import's."""
    ended_at = after["ended_at"]
    met = tx.execute(
        update(Term)
        .where(
            col(Term.id) == term_id,
            col(Term.began_at) == after["began_at"],
            col(Term.ended_at).is_(None) if ended_at is None else col(Term.ended_at) == ended_at,
        )
        .values(**before)
    )
    return met == 1


def end_by_import(
    tx: Tx, term_id: int, outcome: str, renews_on: date | None, now: datetime
) -> None:
    values = {"ended_at": now, "outcome": outcome, "renews_on": renews_on, "check_at": None}
    tx.execute(update(Term).where(col(Term.id) == term_id).values(**values))


def set_number(tx: Tx, account_id: int, number: int) -> None:
    """Writes the number of a term that an import began on the account and its newest move."""
    tx.execute(update(Account).where(col(Account.id) == account_id).values(term=number))


def undo_end(tx: Tx, term_id: int, ended_at: datetime, check_at: datetime | None) -> None:
    """Takes back that an import ended a term, unless somebody has ended it otherwise since."""
    tx.execute(
        update(Term)
        .where(col(Term.id) == term_id, col(Term.ended_at) == ended_at)
        .values(ended_at=None, outcome=None, renews_on=None, check_at=check_at)
    )


def account_id_of(tx: Tx, term_id: int) -> int | None:
    found = tx.get(Term, term_id)
    return found.account_id if found else None


def undo_begin(tx: Tx, term_id: int, ended_at: datetime | None) -> int | None:
    """Takes back that an import began a term, and ended it then if it did; returns the account,
    unless somebody has ended it since."""
    as_made = col(Term.ended_at).is_(None) if ended_at is None else col(Term.ended_at) == ended_at
    mine = (col(Term.id) == term_id, as_made)
    found = tx.first(select(Term).where(*mine))
    if found is None:
        return None
    tx.delete(Term, *mine)
    before = tx.first(
        select(func.max(col(Term.number))).where(col(Term.account_id) == found.account_id)
    )
    set_number(tx, found.account_id, before or 1)
    return found.account_id


def first_to_check(engine: Engine, now: datetime) -> tuple[str, int] | None:
    """(workspace, term id) of the term that has waited longest for the clock."""
    return longest_waiting(engine, Term, col(Term.check_at), now)


def lock_term(tx: Tx, term_id: int) -> Term | None:
    """The term, locked; None when somebody else is at it, or it is gone."""
    return tx.first(lock_rows(select(Term).where(col(Term.id) == term_id), skip=True))
