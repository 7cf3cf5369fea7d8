"""Queries for cycles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, func, update
from sqlmodel import col, select

from db.core.all_workspaces import longest_waiting
from db.core.row_locks import held
from db.core.tx import Tx
from db.imports.imports import chunks
from db.models import (
    Account,
    AdvocacyEntry,
    Alternative,
    Cycle,
    Decision,
    Promise,
    StageChange,
    ValueEntry,
)


def current(tx: Tx, account: Account) -> Cycle | None:
    """The cycle an account is in; None for who is no customer yet, or has left."""
    return tx.first(
        select(Cycle).where(col(Cycle.account_id) == account.id, col(Cycle.ended_at).is_(None))
    )


def last(tx: Tx, account_id: int) -> Cycle | None:
    """The newest cycle, ended or not."""
    return tx.first(
        select(Cycle).where(col(Cycle.account_id) == account_id).order_by(col(Cycle.number).desc())
    )


def by_number(tx: Tx, account_id: int, number: int) -> Cycle | None:
    return tx.first(
        select(Cycle).where(col(Cycle.account_id) == account_id, col(Cycle.number) == number)
    )


def of_account(tx: Tx, account_id: int) -> list[Cycle]:
    """Every cycle of an account, the first first."""
    return tx.all(
        select(Cycle).where(col(Cycle.account_id) == account_id).order_by(col(Cycle.number))
    )


def count_edges(tx: Tx, account_id: int) -> int:
    """How many beginnings and ends of cycles an account has."""
    mine = col(Cycle.account_id) == account_id
    return tx.count(Cycle, mine) + tx.count(Cycle, mine, col(Cycle.ended_at).is_not(None))


def set_check(tx: Tx, account_id: int, check_at: datetime) -> None:
    """Lets the clock look at the account's open cycle then, if it has not looked yet."""
    tx.execute(
        update(Cycle)
        .where(
            col(Cycle.account_id) == account_id,
            col(Cycle.ended_at).is_(None),
            col(Cycle.check_at).is_not(None),
        )
        .values(check_at=check_at)
    )


def look_again(tx: Tx, cycle: Cycle, at: datetime | None) -> None:
    """When the clock looks at a cycle's value again; never, once it has looked."""
    cycle.check_at = at


def set_aside(tx: Tx, cycle_id: int, until: datetime) -> None:
    """Lets the clock look at a cycle again only then."""
    tx.execute(update(Cycle).where(col(Cycle.id) == cycle_id).values(check_at=until))


def look_soon(tx: Tx, account_ids: Sequence[int], now: datetime) -> None:
    """Lets the clock look at those accounts' cycles at the next tick: their dates have changed."""
    for ids in chunks(account_ids):
        waiting = (col(Cycle.check_at).is_not(None), col(Cycle.ended_at).is_(None))
        tx.execute(
            update(Cycle).where(col(Cycle.account_id).in_(ids), *waiting).values(check_at=now)
        )


def customers_without(
    tx: Tx, stages: Sequence[str], after: int, limit: int
) -> list[tuple[Account, datetime]]:
    """Accounts in those stages that never had a cycle, the lowest id above `after` first, each
    with the moment since which it has been in them without a stay elsewhere."""
    found = {
        account.id: account
        for account in tx.all(
            held(
                select(Account)
                .where(
                    col(Account.id) > after,
                    col(Account.stage).in_(stages),
                    ~select(col(Cycle.id))
                    .where(
                        col(Cycle.workspace_id) == tx.workspace,
                        col(Cycle.account_id) == col(Account.id),
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


def of_accounts(tx: Tx, account_ids: Sequence[int]) -> dict[int, list[Cycle]]:
    """The cycles of each of the accounts that has one, the first first."""
    found: dict[int, list[Cycle]] = {}
    for ids in chunks(account_ids):
        mine = select(Cycle).where(col(Cycle.account_id).in_(ids)).order_by(col(Cycle.number))
        for cycle in tx.all(mine):
            found.setdefault(cycle.account_id, []).append(cycle)
    return found


def by_imports(tx: Tx, account_ids: Sequence[int]) -> list[Any]:
    """(id, account id, number) of the cycles of those accounts that imports have begun."""
    columns = (col(Cycle.id), col(Cycle.account_id), col(Cycle.number))
    found: list[Any] = []
    for ids in chunks(account_ids):
        mine = (col(Cycle.account_id).in_(ids), col(Cycle.source) == "import")
        found += tx.rows(select(*columns).where(*mine))
    return found


def noted(tx: Tx, account_ids: Sequence[int]) -> set[int]:
    """The accounts of which people noted something in one of their cycles."""
    found: set[int] = set()
    for ids in chunks(account_ids):
        for model in (ValueEntry, Decision, Alternative, AdvocacyEntry, Promise):
            theirs = col(model.account_id)
            found.update(tx.all(select(theirs).where(theirs.in_(ids))))
    return found


def redate(tx: Tx, cycle_id: int, values: dict[str, Any]) -> None:
    """Gives a cycle other dates."""
    tx.execute(update(Cycle).where(col(Cycle.id) == cycle_id).values(**values))


def date_back(tx: Tx, cycle_id: int, after: dict[str, Any], before: dict[str, Any]) -> bool:
    """Gives a cycle the dates it had before an import, if it still has the import's."""
    ended_at = after["ended_at"]
    met = tx.execute(
        update(Cycle)
        .where(
            col(Cycle.id) == cycle_id,
            col(Cycle.began_at) == after["began_at"],
            col(Cycle.ended_at).is_(None) if ended_at is None else col(Cycle.ended_at) == ended_at,
        )
        .values(**before)
    )
    return met == 1


def end_by_import(
    tx: Tx, cycle_id: int, outcome: str, renews_on: date | None, now: datetime
) -> None:
    values = {"ended_at": now, "outcome": outcome, "renews_on": renews_on, "check_at": None}
    tx.execute(update(Cycle).where(col(Cycle.id) == cycle_id).values(**values))


def set_number(tx: Tx, account_id: int, number: int) -> None:
    """Writes the number of a cycle that an import began on the account and its newest move."""
    tx.execute(update(Account).where(col(Account.id) == account_id).values(cycle=number))


def reopen(tx: Tx, cycle_id: int, ended_at: datetime, check_at: datetime | None) -> None:
    """Takes back that an import ended a cycle, unless somebody has ended it otherwise since."""
    tx.execute(
        update(Cycle)
        .where(col(Cycle.id) == cycle_id, col(Cycle.ended_at) == ended_at)
        .values(ended_at=None, outcome=None, renews_on=None, check_at=check_at)
    )


def account_of(tx: Tx, cycle_id: int) -> int | None:
    found = tx.get(Cycle, cycle_id)
    return found.account_id if found else None


def take_back(tx: Tx, cycle_id: int, ended_at: datetime | None) -> int | None:
    """Takes back that an import began a cycle, and ended it then if it did; returns the account,
    unless somebody has ended it since."""
    as_made = col(Cycle.ended_at).is_(None) if ended_at is None else col(Cycle.ended_at) == ended_at
    mine = (col(Cycle.id) == cycle_id, as_made)
    found = tx.first(select(Cycle).where(*mine))
    if found is None:
        return None
    tx.delete(Cycle, *mine)
    before = tx.first(
        select(func.max(col(Cycle.number))).where(col(Cycle.account_id) == found.account_id)
    )
    set_number(tx, found.account_id, before or 1)
    return found.account_id


def first_to_check(engine: Engine, now: datetime) -> tuple[str, int] | None:
    """(workspace, cycle id) of the cycle that has waited longest for the clock."""
    return longest_waiting(engine, Cycle, col(Cycle.check_at), now)


def hold(tx: Tx, cycle_id: int) -> Cycle | None:
    """The cycle, locked; None when somebody else is at it, or it is gone."""
    return tx.first(held(select(Cycle).where(col(Cycle.id) == cycle_id), skip=True))
