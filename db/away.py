"""Queries for people who are away, and for those who have left."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, bindparam, select
from sqlmodel import col

from db.held import held
from db.models import Account, Away, Department, Person, Touchpoint
from db.statements import Statement, look_for
from db.touchpoints import of_people
from db.tx import Tx


def of(tx: Tx, user_id: str) -> Away | None:
    """The person's absence, if they are away."""
    found: Away | None = tx.first(
        select(Away).where(col(Away.ended_at).is_(None), col(Away.user_id) == user_id)
    )
    return found


def deputies(tx: Tx) -> dict[str, str]:
    """Who stands in for whom: absent person to deputy."""
    rows = tx.rows(
        select(col(Away.user_id), col(Away.deputy_id)).where(col(Away.ended_at).is_(None))
    )
    return dict(rows)


def absences_covered_by(tx: Tx, deputy: str) -> list[Away]:
    """The absences in which a person is the deputy."""
    mine = (col(Away.ended_at).is_(None), col(Away.deputy_id) == deputy)
    return tx.all(select(Away).where(*mine).order_by(col(Away.id)))


def next_to_end(engine: Engine, now: datetime) -> str | None:
    """The workspace of an absence that is over."""
    found: str | None = look_for(engine, _next_to_end, now=now)
    return found


@Statement
def _next_to_end() -> Any:
    over: Any = col(Away.ends_at) <= bindparam("now")
    return select(col(Away.workspace_id)).where(col(Away.ended_at).is_(None), over).limit(1)


def to_end(tx: Tx, now: datetime) -> Away | None:
    """An absence that is over, locked."""
    over = select(Away).where(col(Away.ended_at).is_(None), col(Away.ends_at) <= now)
    found: Away | None = tx.first(held(over.order_by(col(Away.ends_at)), skip=True))
    return found


def next_leaver(engine: Engine) -> str | None:
    """The workspace of somebody who has left and whose work is still theirs."""
    found: str | None = look_for(engine, _next_leaver)
    return found


@Statement
def _next_leaver() -> Any:
    left = col(Person.leaving_since).is_not(None)
    return select(col(Person.workspace_id)).where(left).limit(1)


def leaver(tx: Tx) -> Person | None:
    """Somebody who has left, locked."""
    left = select(Person).where(col(Person.leaving_since).is_not(None))
    found: Person | None = tx.first(held(left.order_by(col(Person.id)), skip=True))
    return found


def managed(tx: Tx, user_id: str) -> list[Account]:
    """The live accounts that a person manages, by name."""
    mine = (col(Account.manager_id) == user_id, col(Account.archived_at).is_(None))
    return tx.all(select(Account).where(*mine).order_by(col(Account.name_key)))


def said_to(tx: Tx, users: list[str]) -> list[tuple[Touchpoint, Account]]:
    """Open touchpoints that were said to these people, and nobody has taken; oldest first."""
    rows = tx.rows(
        select(Touchpoint, Account)
        .join(Account, col(Account.id) == col(Touchpoint.account_id))
        .where(
            of_people(users),
            col(Touchpoint.state) == "nudged",
            col(Account.archived_at).is_(None),
        )
        .order_by(col(Touchpoint.due_at), col(Touchpoint.id))
    )
    return [(touchpoint, account) for touchpoint, account in rows]


def led(tx: Tx, user_id: str) -> list[str]:
    """Keys of the departments that a person was set to lead."""
    return tx.all(select(col(Department.key)).where(col(Department.lead_id) == user_id))
