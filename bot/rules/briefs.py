"""Which brief of a renewal is due on a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta


def due_brief(days_left: int, days_before: Sequence[int]) -> int | None:
    """The brief that is due: the nearest of those whose day has come; None before the first.

    With 90, 60 and 30: at 75 days it is that of 90, which comes late; at 60 that of 60, and that
    of 90 is not said any more.
    """
    come = [each for each in days_before if 0 < days_left <= each]
    return min(come, default=None)


def brief_windows(today: date, days_before: Sequence[int]) -> Iterator[tuple[int, date, date]]:
    """(days before, first and last renewal date) for which that brief is the one that is due."""
    nearer = 0
    for each in sorted(days_before):
        yield each, today + timedelta(days=nearer + 1), today + timedelta(days=each)
        nearer = each
