"""Queries for touchpoints."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, Update, and_, or_, update
from sqlmodel import col, select

from db.core import advisory_locks
from db.core.all_workspaces import longest_waiting
from db.core.row_locks import lock_rows
from db.core.tx import Tx
from db.models import PLAY, Account, Touchpoint

OPEN_STATES = ("planned", "nudged", "claimed")
NUDGED_STATES = ("nudged", "claimed")
_SOONEST = (col(Touchpoint.due_at), col(Touchpoint.id))


def next_to_check(engine: Engine, now: datetime) -> tuple[str, int] | None:
    """(workspace, touchpoint id) of the row that the clock has to look at first, if it is time."""
    return longest_waiting(engine, Touchpoint, col(Touchpoint.wake_at), now)


def lock_next_to_check(tx: Tx, now: datetime) -> Touchpoint | None:
    """The touchpoint that has waited longest for the clock, locked; None if there is none.

    One worker at a time checks a workspace's touchpoints, so that what is due together is said
    together. What a person is acting on at this moment is left for the next tick.
    """
    if not advisory_locks.try_lock(tx, advisory_locks.CLOCK_LOCK):
        return None
    due = lock_with_accounts().where(col(Touchpoint.wake_at) <= now)
    pairs = tx.rows(due.order_by(col(Touchpoint.wake_at), col(Touchpoint.id)).limit(1))
    return pairs[0].Touchpoint if pairs else None


def first_wake(tx: Tx) -> datetime | None:
    """When the clock has to look at a touchpoint next; None if it never has to."""
    wakes = select(col(Touchpoint.wake_at)).where(col(Touchpoint.wake_at).is_not(None))
    return tx.first(wakes.order_by(col(Touchpoint.wake_at)))


def list_open(tx: Tx, states: Sequence[str]) -> list[Touchpoint]:
    """All touchpoints in those states, in the order in which they were planned."""
    some = select(Touchpoint).where(col(Touchpoint.state).in_(states))
    return tx.all(some.order_by(col(Touchpoint.id)))


def lock_touchpoint(tx: Tx, touchpoint_id: int) -> Touchpoint | None:
    """The touchpoint, locked: others who act on it at the same time wait."""
    return tx.lock(Touchpoint, touchpoint_id)


def lock_open_of_account(tx: Tx, account_id: int) -> list[Touchpoint]:
    """An account's open touchpoints, locked, soonest first."""
    return tx.all(lock_rows(_in_states(account_id, OPEN_STATES)))


def lock_due(
    tx: Tx, now: datetime, owners: Sequence[str], people: Sequence[str] | None
) -> list[tuple[Touchpoint, Account]]:
    """Planned touchpoints of those owners that are due, locked, with their accounts, oldest first.

    With `people`, those that are theirs: of accounts they manage, or that they took on.
    """
    whose = col(Touchpoint.owner).in_(owners) if people is None else is_addressed_to(people)
    due = (col(Touchpoint.state) == "planned", col(Touchpoint.wake_at) <= now, whose)
    return list_pairs(tx, lock_with_accounts().where(*due))


def list_of_account(
    tx: Tx, account_id: int, states: Sequence[str] = OPEN_STATES
) -> list[Touchpoint]:
    """An account's touchpoints in those states, soonest first."""
    return [*tx.cached(Touchpoint, _read_of_account, account_id, states)]


def _read_of_account(tx: Tx, account_id: int, states: Sequence[str]) -> list[Touchpoint]:
    return tx.all(_in_states(account_id, states))


def list_of_nudge(tx: Tx, nudge_id: int) -> list[tuple[Touchpoint, Account]]:
    """The touchpoints that one message tells of, with their accounts, in its order."""
    return list_pairs(tx, with_accounts().where(col(Touchpoint.nudge_id) == nudge_id))


def count_asked(tx: Tx, account_id: int, key: str) -> int:
    """How often something of that key was asked for an account that no play asks for."""
    mine = (col(Touchpoint.account_id) == account_id, col(Touchpoint.play) == key)
    return tx.count(Touchpoint, *mine, col(Touchpoint.stage_entry) == 0)


def find_next_occurrence(tx: Tx, touchpoint: Touchpoint) -> Touchpoint | None:
    """The next occurrence of a recurring play, if it is planned already."""
    key = {name: getattr(touchpoint, name) for name in ("account_id", "stage_entry", "play")}
    later = col(Touchpoint.occurrence) > touchpoint.occurrence
    return tx.first(select(Touchpoint).filter_by(**key).where(later))


def list_of_plays(tx: Tx, account: Account) -> list[Touchpoint]:
    """What plays asked for since an account entered its stage and, of plays of the term, in any
    of its terms, whatever the state."""
    asked = select(Touchpoint).filter_by(account_id=account.id, kind=PLAY)
    return tx.all(asked.where(col(Touchpoint.stage_entry).in_((0, account.stage_entry))))


def lock_claimed_by(tx: Tx, user_id: str) -> list[Touchpoint]:
    """Open touchpoints of departments that a person took on, locked, soonest first."""
    taken_on = (col(Touchpoint.person_id) == user_id, col(Touchpoint.state).in_(OPEN_STATES))
    return tx.all(lock_rows(select(Touchpoint).where(*taken_on).order_by(*_SOONEST)))


def list_claimed_by(tx: Tx, user_id: str) -> list[Touchpoint]:
    """What a person has claimed, soonest first."""
    claimed = select(Touchpoint).filter_by(state="claimed", by_user=user_id)
    return tx.all(claimed.order_by(*_SOONEST))


def save(tx: Tx, touchpoint: Touchpoint, **values: object) -> bool:
    """Changes a touchpoint if nobody else has since it was read; says whether it did."""
    as_read = update(Touchpoint).where(
        col(Touchpoint.id) == touchpoint.id, col(Touchpoint.version) == touchpoint.version
    )
    return tx.execute(as_read.values(**values, version=touchpoint.version + 1)) == 1


def mark_nudged(tx: Tx, planned: Sequence[Touchpoint], **values: object) -> int:
    """Makes planned touchpoints nudged, all alike, in one statement; returns how many."""
    still_planned = _changed(planned).where(col(Touchpoint.state) == "planned")
    return tx.execute(still_planned.values(state="nudged", **values))


def end_together(tx: Tx, held: Sequence[Touchpoint], **values: object) -> None:
    """Ends locked touchpoints, all alike, in one statement."""
    if held:
        tx.execute(_changed(held).values(**values))


def delete_touchpoint(tx: Tx, touchpoint: Touchpoint) -> None:
    """Takes a planned touchpoint away as if it had never been planned."""
    tx.delete(Touchpoint, col(Touchpoint.id) == touchpoint.id)


def postpone_check(tx: Tx, touchpoint_id: int, until: datetime) -> None:
    """Lets the clock look at a touchpoint again only then."""
    tx.execute(update(Touchpoint).where(col(Touchpoint.id) == touchpoint_id).values(wake_at=until))


def postpone_check_if_due(tx: Tx, touchpoint_id: int, now: datetime, until: datetime) -> None:
    """Sets aside a touchpoint that the clock has looked at and that still asks for it."""
    touchpoint = tx.get(Touchpoint, touchpoint_id)
    if touchpoint is not None and touchpoint.wake_at is not None and touchpoint.wake_at <= now:
        touchpoint.wake_at = until


def wake_overdue(tx: Tx, now: datetime) -> int:
    """Lets the clock look at once at what is due and was put off, the snoozed left alone.

    For when a channel that was missing is there; returns how many there were.
    """
    overdue = update(Touchpoint).where(
        col(Touchpoint.state) == "planned",
        col(Touchpoint.due_at) <= now,
        col(Touchpoint.wake_at) > now,
        col(Touchpoint.snoozed_until).is_(None),
    )
    return tx.execute(overdue.values(wake_at=now))


def is_addressed_to(users: Sequence[str]) -> ColumnElement[bool]:
    """Touchpoints that these people alone are told of; the statement joins the accounts."""
    managed = and_(col(Touchpoint.owner) == "manager", col(Account.manager_id).in_(users))
    return or_(managed, col(Touchpoint.person_id).in_(users))


def _changed(rows: Sequence[Touchpoint]) -> Update:
    those = update(Touchpoint).where(col(Touchpoint.id).in_([row.id for row in rows]))
    return those.values(version=col(Touchpoint.version) + 1)


def _in_states(account_id: int, states: Sequence[str]) -> Select[Any]:
    which = (col(Touchpoint.account_id) == account_id, col(Touchpoint.state).in_(states))
    return select(Touchpoint).where(*which).order_by(*_SOONEST)


def with_accounts() -> Any:
    """A select of touchpoints with their accounts."""
    return select(Touchpoint, Account).join(Account, col(Account.id) == col(Touchpoint.account_id))


def lock_with_accounts() -> Any:
    """The same, locked; what others hold is left out."""
    # The clock skips what people act on and waits for nobody, so it is part of no deadlock.
    return lock_rows(with_accounts(), of=Touchpoint, skip=True)


def list_pairs(tx: Tx, statement: Any) -> list[tuple[Touchpoint, Account]]:
    """The rows of such a select, soonest first."""
    return tx.pairs(statement.order_by(*_SOONEST))
