"""Queries for absences that are still to begin."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, bindparam, select
from sqlmodel import col

from db.held import held
from db.models import AwayPlan
from db.statements import Statement, look_for
from db.tx import Tx


def of(tx: Tx, user_id: str) -> list[AwayPlan]:
    """What a person has planned, soonest first."""
    mine = select(AwayPlan).where(_ahead(), col(AwayPlan.user_id) == user_id)
    return tx.all(mine.order_by(col(AwayPlan.starts_on), col(AwayPlan.id)))


def overlapping(tx: Tx, user_id: str, first: date, last: date) -> list[AwayPlan]:
    """What a person has planned for some of these days."""
    return [each for each in of(tx, user_id) if each.starts_on <= last and each.until >= first]


def hold(tx: Tx, plan_id: int) -> AwayPlan | None:
    """The plan, locked, begun or cancelled as it may be."""
    found: AwayPlan | None = tx.first(held(select(AwayPlan).where(col(AwayPlan.id) == plan_id)))
    return found


def next_to_begin(engine: Engine, now: datetime) -> str | None:
    """The workspace of an absence whose time has come."""
    found: str | None = look_for(engine, _next_to_begin, now=now)
    return found


@Statement
def _next_to_begin() -> Any:
    due: Any = col(AwayPlan.starts_at) <= bindparam("now")
    return select(col(AwayPlan.workspace_id)).where(_ahead(), due).limit(1)


def to_begin(tx: Tx, now: datetime) -> AwayPlan | None:
    """A plan whose time has come, locked."""
    due = select(AwayPlan).where(_ahead(), col(AwayPlan.starts_at) <= now)
    found: AwayPlan | None = tx.first(held(due.order_by(col(AwayPlan.starts_at)), skip=True))
    return found


def _ahead() -> ColumnElement[bool]:
    return col(AwayPlan.closed_at).is_(None)
