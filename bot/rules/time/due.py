"""When a play is due: the instants that the playbook's phrases mean."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from bot.rules.time.calendar import WorkingCalendar
from bot.rules.time.phrases import Due, Duration


def due_day(
    due: Due, *, since: datetime, renewal: date | None, calendar: WorkingCalendar
) -> date | None:
    """The working day of a play's first time, counted from the local date of `since` or from the
    renewal; None while that is not known."""
    assert due.duration is not None
    if not due.needs_renewal:
        return _add_days(calendar.local_date(since), due.duration, calendar)
    if renewal is None:
        return None
    if due.kind == "before renewal":
        return calendar.on_or_before(renewal - due.duration.delta)
    return calendar.on_or_after(renewal + due.duration.delta)


def first_due(
    due: Due,
    *,
    entered_at: datetime,
    renewal: date | None,
    calendar: WorkingCalendar,
    now: datetime,
) -> datetime | None:
    """When a play is due first, in UTC: the opening of the day counted on the owner's calendar,
    the next opening for one before the entry; None without the renewal date it needs."""
    if due.kind == "on entry":
        return calendar.next_open(entered_at)
    day = due_day(due, since=entered_at, renewal=renewal, calendar=calendar)
    if day is None:
        return None
    at = calendar.opening(day)
    return at if at >= entered_at else calendar.next_open(max(entered_at, now))


def next_due(
    due: Due,
    *,
    entered_at: datetime,
    occurrence: int,
    calendar: WorkingCalendar,
    now: datetime,
    until: date | None = None,
) -> tuple[int, datetime] | None:
    """The next occurrence of a recurring play that is still to come, and its time; None for
    another play, and on the day `until` or later. Each is counted from the local entry date."""
    if not due.recurs:
        return None
    after = max(now, _occurrence_time(due, occurrence, entered_at, calendar)) if occurrence else now
    k, at = next(
        (k, at)
        for k in count(occurrence + 1)
        if (at := _occurrence_time(due, k, entered_at, calendar)) > after
    )
    return None if until is not None and calendar.local_date(at) >= until else (k, at)


def _occurrence_time(due: Due, k: int, entered_at: datetime, calendar: WorkingCalendar) -> datetime:
    assert due.duration is not None
    times = Duration(due.duration.count * k, due.duration.unit)
    return calendar.opening(_add_days(calendar.local_date(entered_at), times, calendar))


def add_duration(duration: Duration, *, since: datetime, calendar: WorkingCalendar) -> datetime:
    """The instant `duration` after `since`, in working hours, as UTC. Days keep the local time
    of day and move forward to a working day; hours count working time only."""
    start = calendar.next_open(since)
    if duration.unit == "hours":
        return _working_hours_later(duration.count, start, calendar)
    day = _add_days(calendar.local_date(start), duration, calendar)
    wall = start.astimezone(calendar.zone).replace(tzinfo=None, fold=0)
    moment = datetime.combine(day, wall.time(), calendar.zone).astimezone(UTC)
    return calendar.next_open(max(moment, calendar.opening(day)))


def _working_hours_later(hours: int, start: datetime, calendar: WorkingCalendar) -> datetime:
    left = timedelta(hours=hours)
    while (today := calendar.closing(calendar.local_date(start)) - start) <= left:
        left -= today
        start = calendar.next_open(start + today)
    return start + left


def _add_days(day: date, duration: Duration, calendar: WorkingCalendar) -> date:
    if duration.unit == "business days":
        return calendar.add_business_days(day, duration.count)
    return calendar.on_or_after(day + duration.delta)
