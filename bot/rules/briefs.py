"""Which brief of a renewal is due on a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta


def due_brief(days_left: int, days_before: Sequence[int]) -> int | None:
    """The brief that is due: the nearest to the renewal whose day has come; None before the first.

    With 90, 60 and 30: at 75 days it is that of 90, which is late; at 60 days only that of 60.
    """
    return min((days for days in days_before if 0 < days_left <= days), default=None)


def brief_windows(today: date, days_before: Sequence[int]) -> Iterator[tuple[int, date, date]]:
    """(days before, first and last renewal date) of the accounts for which that brief is due."""
    nearer = 0
    for days in sorted(days_before):
        yield days, today + timedelta(days=nearer + 1), today + timedelta(days=days)
        nearer = days
