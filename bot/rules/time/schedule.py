"""Local times as instants."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When it is `at` o'clock on `day` in `zone`, as UTC. A local time that the clocks skip moves
    forward by what was skipped (01:30 becomes 02:30); one that comes twice is its first. That is
    `fold=0`, and RFC 5545's rule."""
    return datetime.combine(day, at.replace(fold=0, tzinfo=None), zone).astimezone(UTC)
