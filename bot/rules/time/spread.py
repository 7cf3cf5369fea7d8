"""Spreads the touchpoints that an import plans over working days, so that nobody gets too many."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

from bot.rules.time.calendar import WorkingCalendar

Row = dict[str, Any]

#: Nothing is put off for longer than this: with more to do than fits, the days become fuller.
MAX_DAYS: Final = 60
_DAY: Final = timedelta(days=1)


def spread_rows(
    rows: Sequence[Row],
    *,
    calendar_of: Callable[[Hashable], WorkingCalendar],
    owner_of: Callable[[Row], Hashable],
    latest_of: Callable[[Row], date | None] = lambda row: None,
    per_day: int = 5,
    placed_before: Sequence[Row] = (),
) -> list[Row]:
    """The rows with `due_at` and `wake_at` such that no owner has more than `per_day` a day,
    more only where something would wait for more than `MAX_DAYS`. What does not fit moves to the
    next working day with room, but never past its latest date. What was `placed_before` keeps
    its day."""
    before: dict[Hashable, list[Row]] = defaultdict(list)
    for row in placed_before:
        before[owner_of(row)].append(row)
    by_owner: dict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        by_owner[owner_of(row)].append(row)
    placed: list[Row] = []
    for owner, owned in by_owner.items():
        days = _Days(calendar_of(owner))
        load = Counter(days.of(row["due_at"]) for row in before[owner])
        placed += _spread_owner_rows(owned, days, latest_of, per_day, load)
    return placed


class _Days:
    """The working days of one calendar, remembered: finding them anew for each row is slow."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self.on_or_after: Callable[[date], date] = cache(calendar.on_or_after)
        self.opening: Callable[[date], datetime] = cache(calendar.opening)
        self.local_date: Callable[[datetime], date] = cache(calendar.local_date)

    def of(self, moment: datetime) -> date:
        """The working day of a moment, or the one after it."""
        return self.on_or_after(self.local_date(moment))

    def after(self, day: date) -> date:
        return self.on_or_after(day + _DAY)


def _spread_owner_rows(
    rows: list[Row],
    days: _Days,
    latest_of: Callable[[Row], date | None],
    per_day: int,
    load: Counter[date],
) -> list[Row]:
    rows = sorted(rows, key=lambda row: (row["due_at"], latest_of(row) or date.max))
    due = [days.of(row["due_at"]) for row in rows]
    latest = [latest_of(row) for row in rows]
    limit = max(per_day, _needed_per_day(Counter(due), days))
    bound = [n for n, last in enumerate(latest) if last]
    free = [n for n, last in enumerate(latest) if not last]
    placed: dict[int, date] = {}
    for which in (bound, free):
        placed |= _assign_days(which, due, latest, load, limit, days)
    return [_move_row(row, placed[n], due[n], days) for n, row in enumerate(rows)]


def _needed_per_day(due: Counter[date], days: _Days) -> int:
    """How many a day it takes for nothing to be put off for more than `MAX_DAYS`. In a queue that
    takes p a day, what is due on day i is done by then when everything due from any day j to i fits
    into the days from j to i + MAX_DAYS."""
    numbers: dict[date, int] = {}  # the working days, numbered from 0
    day = min(due)
    while day <= max(due):
        numbers[day] = len(numbers)
        day = days.after(day)
    asked = sorted((numbers[day], count) for day, count in due.items())
    needed = 0
    for at, (last, _) in enumerate(asked):
        total = 0
        for first, count in reversed(asked[: at + 1]):
            total += count
            needed = max(needed, -(-total // (last - first + MAX_DAYS + 1)))
    return needed


def _assign_days(
    which: Sequence[int],
    due: Sequence[date],
    latest: Sequence[date | None],
    load: Counter[date],
    limit: int,
    days: _Days,
) -> dict[int, date]:
    assigned: dict[int, date] = {}
    day = date.min
    for n in which:
        day = max(day, due[n])
        while load[day] >= limit:
            day = days.after(day)
        last = latest[n]
        assigned[n] = due[n] if last is not None and day > last else day
        load[assigned[n]] += 1
    return assigned


def _move_row(row: Row, day: date, due: date, days: _Days) -> Row:
    if day == due:
        return row
    at = days.opening(day)
    return {**row, "due_at": at, "wake_at": at}
