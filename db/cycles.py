"""Queries for cycles."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlmodel import col

from db.models import Account, Cycle
from db.tx import Tx, held


def current(tx: Tx, account: Account) -> Cycle | None:
    """The cycle an account is in; None for who is no customer yet, or has left."""
    found: Cycle | None = tx.first(
        select(Cycle).where(col(Cycle.account_id) == account.id, col(Cycle.ended_at).is_(None))
    )
    return found


def last(tx: Tx, account_id: int) -> Cycle | None:
    """The newest cycle, ended or not."""
    found: Cycle | None = tx.first(
        select(Cycle).where(col(Cycle.account_id) == account_id).order_by(col(Cycle.number).desc())
    )
    return found


def by_number(tx: Tx, account_id: int, number: int) -> Cycle | None:
    found: Cycle | None = tx.first(
        select(Cycle).where(col(Cycle.account_id) == account_id, col(Cycle.number) == number)
    )
    return found


def of_account(tx: Tx, account_id: int) -> list[Cycle]:
    """Every cycle of an account, the first first."""
    return tx.all(
        select(Cycle).where(col(Cycle.account_id) == account_id).order_by(col(Cycle.number))
    )


def set_check(tx: Tx, account_id: int, check_at: datetime) -> None:
    """Lets the clock look at the account's open cycle then, if it has not looked yet."""
    tx.update(
        Cycle,
        col(Cycle.account_id) == account_id,
        col(Cycle.ended_at).is_(None),
        col(Cycle.check_at).is_not(None),
        check_at=check_at,
    )


def next_check(engine: Engine) -> datetime | None:
    """When the clock next has to look whether a cycle's value has grown."""
    with engine.execution_options(linchpin_read=True).connect() as connection:
        found: datetime | None = connection.scalar(select(func.min(col(Cycle.check_at))))
    return found


def first_to_check(engine: Engine, now: datetime) -> tuple[str, int] | None:
    """(workspace, cycle id) of the cycle that has waited longest for the clock."""
    statement = (
        select(col(Cycle.workspace_id), col(Cycle.id))
        .where(col(Cycle.check_at) <= now)
        .order_by(col(Cycle.check_at), col(Cycle.id))
        .limit(1)
    )
    with engine.execution_options(linchpin_read=True).connect() as connection:
        row = connection.execute(statement).first()
    return (row[0], int(row[1] or 0)) if row else None


def hold(tx: Tx, cycle_id: int) -> Cycle | None:
    """The cycle, locked; None when somebody else is at it, or it is gone."""
    found: Cycle | None = tx.first(held(select(Cycle).where(col(Cycle.id) == cycle_id), skip=True))
    return found
