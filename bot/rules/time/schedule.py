"""Local times as instants, and the dates of weekly schedules."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_WEEK = timedelta(days=7)


def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When it is `at` o'clock on `day` in `zone`, as UTC.

    A local time that the clocks skip moves forward by what was skipped (01:30 becomes 02:30);
    one that comes twice is its first. That is `fold=0`, and RFC 5545's rule.
    """
    return datetime.combine(day, at.replace(fold=0, tzinfo=None), zone).astimezone(UTC)


def weekly_dates(
    after: date | None, *, zone: ZoneInfo, weekday: int = 0, at: time = time(9), now: datetime
) -> list[date]:
    """The local dates on `weekday` after `after` whose time `at` has come by `now`, oldest first.

    Only the latest when `after` is None.
    """
    today = now.astimezone(zone).date()
    latest = today - timedelta(days=(today.weekday() - weekday) % 7)
    if local_instant(latest, at, zone) > now:
        latest -= _WEEK
    if after is None:
        return [latest]
    weeks = max(0, -((after - latest) // _WEEK))
    return [latest - _WEEK * back for back in reversed(range(weeks))]
