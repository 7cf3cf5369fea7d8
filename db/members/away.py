"""Queries for people who are away, and for those who have left."""

from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import col, select

from db.core.all_workspaces import longest_waiting
from db.core.row_locks import lock_rows
from db.core.tx import Tx
from db.models import Absence, Account, Department, Departure, Member, Touchpoint
from db.touchpoints.touchpoints import is_addressed_to, list_pairs, with_accounts

_LASTING = col(Absence.wake_at).is_not(None)
_BEGUN = col(Absence.began_at).is_not(None)
_COVERS = select(col(Absence.user_id), col(Absence.cover_id)).where(_LASTING, _BEGUN)


def find(tx: Tx, user_id: str) -> list[Absence]:
    """A person's absences that are not over, the earliest first."""
    absences = select(Absence).where(_LASTING, col(Absence.user_id) == user_id)
    return tx.all(absences.order_by(col(Absence.since), col(Absence.id)))


def list_all(tx: Tx, limit: int) -> list[Absence]:
    """The absences that are not over, the earliest first."""
    absences = select(Absence).where(_LASTING)
    return tx.all(absences.order_by(col(Absence.since), col(Absence.id)).limit(limit))


def current(tx: Tx, user_id: str) -> Absence | None:
    """The person's absence, if they are away now."""
    return next((each for each in find(tx, user_id) if each.began_at is not None), None)


def covers(tx: Tx) -> dict[str, str]:
    """The current covers by the absent person's id."""
    return tx.cached(Absence, _read_covers)


def _read_covers(tx: Tx) -> dict[str, str]:
    return dict(tx.rows(_COVERS))


def covered_by(tx: Tx, user_id: str) -> list[Absence]:
    """The absences in which a person is the cover now."""
    absences = select(Absence).where(_LASTING, _BEGUN, col(Absence.cover_id) == user_id)
    return tx.all(absences.order_by(col(Absence.id)))


def next_due(engine: Engine, now: datetime) -> str | None:
    """The workspace of an absence that is to begin or to end."""
    first = longest_waiting(engine, Absence, col(Absence.wake_at), now)
    return first and first[0]


def due(tx: Tx, now: datetime) -> Absence | None:
    """The absence that is the first to begin or end by `now`, locked."""
    waiting = select(Absence).where(col(Absence.wake_at) <= now)
    return tx.first(lock_rows(waiting.order_by(col(Absence.wake_at)), skip=True))


def next_leaver_workspace(engine: Engine, now: datetime) -> str | None:
    """The workspace of somebody who has left and whose work was not given away yet."""
    first = longest_waiting(engine, Member, col(Member.leaving_since), now)
    return first and first[0]


def lock_next_leaver(tx: Tx) -> Member | None:
    """Somebody who has left and whose work was not given away yet, locked."""
    left = select(Member).where(col(Member.leaving_since).is_not(None))
    return tx.first(lock_rows(left.order_by(col(Member.id)), skip=True))


def list_managed_by(tx: Tx, user_id: str) -> list[Account]:
    """The live accounts that a person manages, by name."""
    live = select(Account).where(col(Account.archived_at).is_(None))
    managed = live.where(col(Account.manager_id) == user_id)
    return tx.all(managed.order_by(col(Account.name_key)))


def list_nudged_to(tx: Tx, users: list[str]) -> list[tuple[Touchpoint, Account]]:
    """Touchpoints that these people were asked for and nobody has claimed; oldest first."""
    asked = (col(Touchpoint.state) == "nudged", col(Account.archived_at).is_(None))
    return list_pairs(tx, with_accounts().where(is_addressed_to(users), *asked))


def last_departure(tx: Tx, user_id: str) -> Departure | None:
    """When a person left last, and what went where."""
    departures = select(Departure).where(col(Departure.user_id) == user_id)
    return tx.first(departures.order_by(col(Departure.id).desc()))


def list_departments_led(tx: Tx, user_id: str) -> list[str]:
    """Keys of the departments that a person was set to lead."""
    return tx.all(select(col(Department.key)).where(col(Department.lead_id) == user_id))
