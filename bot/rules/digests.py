"""When a weekly digest comes: Monday 9:00, for a person with their first message or as chosen."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.time.calendar import WorkingCalendar, local_instant

#: The schedule of the company's digest.
COMPANY_SCHEDULE = "digest:company"
DIGEST_TIME = time(9)
#: A digest that comes later than this after its time is marked as late.
LATE_AFTER = timedelta(hours=6)

WEEK = timedelta(days=7)
#: Who is away for more weeks than this has no next digest to wait for.
_MAX_WEEKS_AHEAD = 60


def schedule_name(reader: str) -> str:
    """The schedule of a department's (its key) or a person's (their Slack id) digest."""
    return f"digest:{reader}"


def week_began(now: datetime, zone: ZoneInfo) -> datetime:
    """When the week of `now` began: Monday 0:00 in `zone`."""
    today = now.astimezone(zone).date()
    return local_instant(today - timedelta(days=today.weekday()), time(), zone)


def reader_zone(tz: str, playbook: Playbook) -> ZoneInfo:
    """A person's time zone; where Slack names none that is known, that of the managers' plays."""
    try:
        return ZoneInfo(tz)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return playbook.calendar(MANAGER).zone


def morning_of_week(calendar: WorkingCalendar, monday: date, weekday: int) -> date | None:
    """The morning that brings a digest set for a weekday: that day, else the last working day
    before it in the week, else the first after it; None where nobody works."""
    week = [monday + timedelta(days=n) for n in range(7)]
    open_days = [day for day in week if calendar.is_working_day(day)]
    before = [day for day in open_days if day <= week[weekday]]
    return before[-1] if before else next(iter(open_days), None)


@dataclass(frozen=True)
class Timetable:
    """The weeks of one digest, each named by its Monday in the calendar's zone. It comes at the
    chosen time (`weekday`: Monday = 0); for a closed one in the last open hour before it, or at the
    first opening after it where the week has none before. A week in which nobody works has none."""

    calendar: WorkingCalendar
    weekday: int = 0
    at: time = DIGEST_TIME

    @property
    def zone(self) -> ZoneInfo:
        return self.calendar.zone

    def moment(self, monday: date) -> datetime | None:
        """When the digest of that week comes, in UTC; None in a week without an opening."""
        chosen = local_instant(monday + timedelta(days=self.weekday), self.at, self.zone)
        if self.calendar.is_open(chosen):
            return chosen
        before = self.calendar.last_hour_before(chosen)
        if self.calendar.local_date(before) >= monday:
            return before
        return self._within(monday, self.calendar.next_open(chosen))

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
        monday = max(_next_monday(after), self._monday(now))
        moments = (self.moment(monday + WEEK * week) for week in range(_MAX_WEEKS_AHEAD))
        return next((at for at in moments if at is not None and at > now), None)

    def is_late(self, monday: date, now: datetime) -> bool:
        at = self.moment(monday)
        return at is not None and now - at > LATE_AFTER

    def _weeks(self, after: date, now: datetime) -> list[date]:
        weeks, monday = [], _next_monday(after)
        while monday <= self._monday(now):
            at = self.moment(monday)
            if at is not None and at <= now:
                weeks.append(monday)
            monday += WEEK
        return weeks

    def _comes(self, monday: date, now: datetime) -> datetime | None:
        """From when on a week's digest can be posted, `now` at the earliest: a missed one waits
        for working hours. None for never: when the week is over the next one is near."""
        at = self.moment(monday)
        if at is None or at > now:
            return at
        return self._within(monday, self.calendar.next_open(now))

    def _monday(self, now: datetime) -> date:
        today = self.calendar.local_date(now)
        return today - timedelta(days=today.weekday())

    def _within(self, monday: date, at: datetime) -> datetime | None:
        return at if self.calendar.local_date(at) < monday + WEEK else None


def _next_monday(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())


@dataclass(frozen=True)
class Schedule:
    """One weekly digest: of a person (`reader`), of a department (its key), or the company's."""

    name: str
    timetable: Timetable
    reader: str | None = None
    department: str | None = None


@dataclass(frozen=True)
class DueDigest:
    """A digest that is due: the last of its `weeks` is posted, the others were missed."""

    workspace: str
    schedule: Schedule
    weeks: list[date]
