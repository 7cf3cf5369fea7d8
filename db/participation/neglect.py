"""Queries for departments that have not touched an account for long, and for asking them to.

db/participation/participation.py has the same rule of a touch, for digests and cards.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, update
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Account, Member, Touchpoint
from db.participation.participation import NOTED_MODELS, is_author

SILENCE_KIND = "silence"
_NEVER = date(9999, 12, 31)
_OPEN = ("planned", "nudged", "claimed")


def touchpoint_key(department: str) -> str:
    """What a touchpoint that asks a department is known by among those of its account."""
    return f"{SILENCE_KIND}:{department}"


def list_untouched(
    tx: Tx, department: str, stages: Sequence[str], since: datetime, *, of_managers: str, limit: int
) -> list[Account]:
    """Accounts in those stages, known since before `since`, that the department has not touched
    since then and was not asked about: the nearest renewal first.

    `of_managers` is the department for which the work of a manager without one counts.
    """
    return tx.all(
        select(Account)
        .where(
            col(Account.archived_at).is_(None),
            col(Account.stage).in_(stages),
            col(Account.created_at) < since,
            ~_done_by_department(tx, col(Account.id), department, since, of_managers).exists(),
            *(
                ~_noted_by_department(tx, each, col(Account.id), department, since).exists()
                for each in NOTED_MODELS
            ),
            ~_asked_accounts(tx, department, since).exists(),
        )
        .order_by(func.coalesce(col(Account.renews_on), _NEVER), col(Account.id))
        .limit(limit)
    )


def was_touched(
    tx: Tx, account_id: int, department: str, since: datetime, of_managers: str
) -> bool:
    """Whether the department has touched an account since then."""
    touches = [_done_by_department(tx, account_id, department, since, of_managers)]
    for noted in NOTED_MODELS:
        touches.append(_noted_by_department(tx, noted, account_id, department, since))
    return any(tx.first(touch) is not None for touch in touches)


def count_open(tx: Tx, department: str) -> int:
    """How many accounts the department is asked about now."""
    mine = (col(Touchpoint.owner) == department, col(Touchpoint.kind) == SILENCE_KIND)
    return tx.count(Touchpoint, *mine, col(Touchpoint.state).in_(_OPEN))


def is_asked(tx: Tx, account_id: int, department: str) -> bool:
    """Whether the department is asked about the account now."""
    return tx.count(Touchpoint, *_open_of(account_id), col(Touchpoint.owner) == department) > 0


def count_asked(tx: Tx, account_id: int, department: str) -> int:
    """How often the department was asked about an account."""
    asked = col(Touchpoint.play) == touchpoint_key(department)
    return tx.count(Touchpoint, col(Touchpoint.account_id) == account_id, asked)


def recheck(tx: Tx, account_id: int, department: str, now: datetime) -> None:
    """The department has touched the account: the clock looks at what asks for that now."""
    own = (*_open_of(account_id), col(Touchpoint.owner) == department)
    tx.execute(update(Touchpoint).where(*own).values(wake_at=now))


def recheck_by(tx: Tx, account_id: int, user_id: str | None, now: datetime) -> None:
    """The same, for somebody of a department."""
    theirs = select(col(Member.department)).where(
        col(Member.workspace_id) == tx.workspace, col(Member.user_id) == user_id
    )
    mine = col(Touchpoint.owner) == theirs.scalar_subquery()
    tx.execute(update(Touchpoint).where(*_open_of(account_id), mine).values(wake_at=now))


def _open_of(account_id: int) -> tuple[Any, ...]:
    return (
        col(Touchpoint.account_id) == account_id,
        col(Touchpoint.state).in_(_OPEN),
        col(Touchpoint.kind) == SILENCE_KIND,
    )


def _done_by_department(
    tx: Tx, account_id: Any, department: str, since: datetime, of_managers: str
) -> Any:
    theirs = and_(
        col(Touchpoint.owner) == "manager",
        func.coalesce(col(Member.department), of_managers) == department,
    )
    return (
        select(col(Touchpoint.id))
        .outerjoin(Member, is_author(Touchpoint))
        .where(
            col(Touchpoint.workspace_id) == tx.workspace,
            col(Touchpoint.account_id) == account_id,
            col(Touchpoint.state) == "done",
            col(Touchpoint.state_at) >= since,
            or_(col(Touchpoint.owner) == department, theirs),
        )
    )


def _noted_by_department(
    tx: Tx, noted: Any, account_id: Any, department: str, since: datetime
) -> Any:
    model, at = noted
    return (
        select(col(model.id))
        .join(Member, is_author(model))
        .where(
            col(model.workspace_id) == tx.workspace,
            col(model.account_id) == account_id,
            at >= since,
            col(model.undone_at).is_(None),
            col(model.source) != "import",
            col(Member.department) == department,
        )
    )


def _asked_accounts(tx: Tx, department: str, since: datetime) -> Any:
    return select(col(Touchpoint.id)).where(
        col(Touchpoint.workspace_id) == tx.workspace,
        col(Touchpoint.account_id) == col(Account.id),
        col(Touchpoint.play) == touchpoint_key(department),
        or_(col(Touchpoint.state).in_(_OPEN), col(Touchpoint.state_at) >= since),
    )
