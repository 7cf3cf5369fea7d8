"""When a weekly digest comes: Monday 9:00 in its readers' time zone, or the time they chose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.time.calendar import WorkingCalendar
from bot.rules.time.schedule import local_instant, weekly_dates

#: The schedule of the company's digest.
COMPANY_SCHEDULE = "digest:company"
DIGEST_TIME = time(9)
#: A digest that comes later than this after its time is marked as late.
LATE_AFTER = timedelta(hours=6)

WEEK = timedelta(days=7)
#: A department that is closed for more weeks than this has no next digest to wait for.
_MAX_WEEKS_AHEAD = 60


def schedule_name(reader: str) -> str:
    """The schedule of a department's (its key) or a manager's (their Slack id) digest."""
    return f"digest:{reader}"


def week_began(now: datetime, zone: ZoneInfo) -> datetime:
    """When the week of `now` began: Monday 0:00 in `zone`."""
    today = now.astimezone(zone).date()
    return local_instant(today - timedelta(days=today.weekday()), time(), zone)


def reader_zone(tz: str, playbook: Playbook) -> ZoneInfo:
    """A person's time zone; where Slack names none that is known, that of the playbook's department
    for accounts without a manager."""
    try:
        return ZoneInfo(tz)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return playbook.calendar(MANAGER).zone


@dataclass(frozen=True)
class Timetable:
    """The weeks of one digest, each named by its Monday in `zone`.

    With a `calendar` a digest waits for the first opening from its time on; a week in which nobody
    works has none. Without one it comes at its time, on a holiday too. `weekday` (Monday = 0) and
    hour (`at`) can be chosen; a week is named by its Monday all the same, so that a changed choice
    makes no second digest.
    """

    zone: ZoneInfo
    calendar: WorkingCalendar | None = None
    weekday: int = 0
    at: time = DIGEST_TIME

    def moment(self, monday: date) -> datetime | None:
        """When the digest of that week comes, in UTC; None in a week without an opening."""
        at = self._chosen(monday)
        if self.calendar is None:
            return at
        return self._within(monday, self.calendar.next_open(at))

    def due(self, after: date, now: datetime) -> list[date]:
        """The weeks after `after` that are due now, oldest first; only the last is to be posted."""
        weeks = self._weeks(after, now)
        return weeks if weeks and self._comes(weeks[-1], now) == now else []

    def next_at(self, after: date, now: datetime) -> datetime | None:
        """When the next digest is due: `now` itself if one is already."""
        weeks = self._weeks(after, now)
        at = self._comes(weeks[-1], now) if weeks else None
        if at is not None:
            return at
        moments = map(self.moment, self._coming(after, now))
        return next((at for at in moments if at is not None), None)

    def is_late(self, monday: date, now: datetime) -> bool:
        at = self.moment(monday)
        return at is not None and now - at > LATE_AFTER

    def _weeks(self, after: date, now: datetime) -> list[date]:
        """The weeks after `after` whose time has come, oldest first."""
        shift = timedelta(days=self.weekday)
        come = weekly_dates(
            after + shift, zone=self.zone, weekday=self.weekday, at=self.at, now=now
        )
        return [day - shift for day in come]

    def _chosen(self, monday: date) -> datetime:
        """The chosen hour of the chosen day, whether anybody works then or not."""
        return local_instant(monday + timedelta(days=self.weekday), self.at, self.zone)

    def _comes(self, monday: date, now: datetime) -> datetime | None:
        """From when on a week's digest can be posted, `now` at the earliest; None for never.

        A missed one waits for working hours too, unless its week has none left. When the week is
        over it is not posted any more, since the next one is near.
        """
        at = self.moment(monday)
        if at is None or self._within(monday, now) is None:
            return None
        if at > now or self.calendar is None:
            return max(at, now)
        return self._within(monday, self.calendar.next_open(now)) or now

    def _within(self, monday: date, at: datetime) -> datetime | None:
        """`at`, if it is before the next Monday."""
        return at if at.astimezone(self.zone).date() < monday + WEEK else None

    def _coming(self, after: date, now: datetime) -> Iterator[date]:
        """The weeks whose time is still to come, soonest first."""
        start = max(after, now.astimezone(self.zone).date() - WEEK)
        monday = start + timedelta(days=7 - start.weekday())
        for week in range(_MAX_WEEKS_AHEAD):
            day = monday + WEEK * week
            if self._chosen(day) > now:
                yield day


@dataclass(frozen=True)
class Schedule:
    """One weekly digest: a department's (`key`), a manager's (`reader`), or the company's."""

    name: str
    timetable: Timetable
    key: str | None = None
    reader: str | None = None
    off: bool = False


@dataclass(frozen=True)
class DueDigest:
    """A digest that is due: the last of its `weeks` is posted, the others were missed."""

    workspace: str
    schedule: Schedule
    weeks: list[date]
