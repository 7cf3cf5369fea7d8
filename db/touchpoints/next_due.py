"""When the clock next has something to do: one statement for all that says so by a row."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine, Select, func, select
from sqlmodel import col

from db.core.all_workspaces import reading
from db.models import Absence, Handoff, Member, Term, Touchpoint


class NextDueTimes(NamedTuple):
    """Of each kind the earliest time at which the clock has to look; None where there is none."""

    leaver: datetime | None
    absence: datetime | None
    term: datetime | None
    touchpoint: datetime | None
    handoff: datetime | None

    def due(self, now: datetime) -> set[str]:
        """The kinds whose time has come."""
        return {kind for kind, at in self._asdict().items() if at is not None and at <= now}

    def next(self) -> datetime | None:
        return min((at for at in self if at is not None), default=None)


def _first(at: Any) -> Any:
    return select(func.min(at)).scalar_subquery()


# A tick asks nothing else where there is nothing to do.
_FIRSTS: Select[Any] = select(
    _first(col(Member.leaving_since)),
    _first(col(Absence.wake_at)),
    _first(col(Term.check_at)),
    _first(col(Touchpoint.wake_at)),
    _first(col(Handoff.wake_at)),
)


def read_next_due(engine: Engine) -> NextDueTimes:
    """Of all workspaces."""
    with reading(engine) as connection:
        return NextDueTimes(*connection.execute(_FIRSTS).one())
