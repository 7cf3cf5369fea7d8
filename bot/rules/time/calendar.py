"""When a department works: its days, hours, holidays and time zone."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
#: What comes up so soon after the opening still belongs to that morning.
_MORNING = timedelta(hours=1)
_HOUR = timedelta(hours=1)
#: A search for a working day ends here: the longest closure anybody means is far shorter.
_MAX_DAYS_AHEAD = 2 * 366


@dataclass(frozen=True)
class WorkingCalendar:
    """The working time of one department in `zone`; instants go out as UTC. Monday is 0."""

    zone: ZoneInfo
    opens: time
    closes: time
    weekdays: frozenset[int]
    holidays: Container[date]

    def is_working_day(self, day: date) -> bool:
        """Whether the department works on that local day."""
        if day.weekday() not in self.weekdays or day in self.holidays:
            return False
        # The clocks can skip a short night shift altogether.
        return self.opening(day) < self.closing(day)

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody is at work at `moment`."""
        day = self.local_date(moment)
        return self.is_working_day(day) and self.opening(day) <= moment < self.closing(day)

    def next_open(self, moment: datetime) -> datetime:
        """`moment` itself if open then, else the next opening."""
        if self.is_open(moment):
            return moment.astimezone(UTC)
        day = self.on_or_after(self.local_date(moment))
        if self.opening(day) < moment:
            day = self.on_or_after(day + _DAY)
        return self.opening(day)

    def morning(self, moment: datetime) -> datetime:
        """The opening to whose morning `moment` belongs: not long before it, else the next one."""
        day = self.on_or_after(self.local_date(moment))
        if moment > self.opening(day) + _MORNING:
            day = self.on_or_after(day + _DAY)
        return self.opening(day)

    def last_hour_before(self, moment: datetime) -> datetime:
        """When the last open hour before a closed `moment` begins."""
        day = self.on_or_before(self.local_date(moment))
        if self.closing(day) > moment:
            day = self.on_or_before(day - _DAY)
        return max(self.opening(day), self.closing(day) - _HOUR)

    def opening(self, day: date) -> datetime:
        """When that local day begins for the department, also when it is no working day."""
        return local_instant(day, self.opens, self.zone)

    def closing(self, day: date) -> datetime:
        """When that local day ends for the department."""
        return local_instant(day, self.closes, self.zone)

    def on_or_after(self, day: date) -> date:
        """`day`, or the first working day after it."""
        return next(self._working(day, _DAY))

    def on_or_before(self, day: date) -> date:
        """`day`, or the last working day before it."""
        return next(self._working(day, -_DAY))

    def add_business_days(self, day: date, n: int) -> date:
        """The n-th working day after `day`; n = 0 is `day` or the next working day."""
        if n == 0:
            return self.on_or_after(day)
        return next(islice(self._working(day + _DAY, _DAY), n - 1, None))

    def working_days_after(self, first: date, last: date) -> int:
        """How many working days come after `first`, up to `last`."""
        days = (first + _DAY * n for n in range(1, (last - first).days + 1))
        return sum(map(self.is_working_day, days))

    def local_date(self, moment: datetime) -> date:
        """The date on the department's wall at `moment`."""
        return moment.astimezone(self.zone).date()

    def _working(self, start: date, step: timedelta) -> Iterator[date]:
        day, idle = start, 0
        while idle < _MAX_DAYS_AHEAD:
            if self.is_working_day(day):
                idle = 0
                yield day
            idle += 1
            day += step
        raise ValueError(
            f"No working day within {_MAX_DAYS_AHEAD} days of {start}: check days and holidays."
        )


def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When it is `at` o'clock on `day` in `zone`, as UTC. A local time that the clocks skip moves
    forward by what was skipped (01:30 becomes 02:30); one that comes twice is its first. That is
    `fold=0`, and RFC 5545's rule."""
    return datetime.combine(day, at.replace(fold=0, tzinfo=None), zone).astimezone(UTC)
