"""Weekly schedules in local time: which dates have come, and when a local time is."""

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
    """The local dates on `weekday` whose `at` has come by `now` and that lie after the watermark.

    Oldest first, one for each local week. Without a watermark: only the latest, since what came
    before was nobody's to miss.
    """
    latest = _latest_date(zone, weekday, at, now)
    if after is None:
        return [latest]
    weeks = max(0, -((after - latest) // _WEEK))
    return [latest - _WEEK * back for back in reversed(range(weeks))]


def _latest_date(zone: ZoneInfo, weekday: int, at: time, now: datetime) -> date:
    """The last date on `weekday` whose `at` is not after `now`."""
    today = now.astimezone(zone).date()
    day = today - timedelta(days=(today.weekday() - weekday) % 7)
    return day if local_instant(day, at, zone) <= now else day - _WEEK
