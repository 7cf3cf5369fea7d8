"""Errors of the database that pass: the same transaction, tried again, may succeed."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

T = TypeVar("T")

_TOO_LONG = "57014"  # query_canceled: it would be too long the next time as well
_DEADLOCK = "40P01"  # deadlock_detected: PostgreSQL has ended one of two that waited for each other
_TRIES = 3


def is_transient(error: Exception) -> bool:
    """Whether the database is busy or away, so that nothing was written."""
    if isinstance(error, NoConnectionFree):
        return True
    return isinstance(error, OperationalError) and _code(error) != _TOO_LONG


def retry_on_deadlock(work: Callable[[], T]) -> T:
    """Does `work`, a whole transaction, again when PostgreSQL chose it to end a deadlock. Locks are
    taken in one order (docs/delivery.md), but messages that tell of many touchpoints can meet
    crosswise."""
    for _ in range(_TRIES - 1):
        try:
            return work()
        except DBAPIError as error:
            if _code(error) != _DEADLOCK:
                raise
    return work()


def _code(error: DBAPIError) -> str | None:
    """PostgreSQL's SQLSTATE; None on SQLite."""
    return getattr(error.orig, "sqlstate", None)
