"""Slack's pace: about one message a second a channel, short bursts allowed."""

from __future__ import annotations

import math
from datetime import datetime


def take(
    buckets: dict[str, tuple[float, datetime]], channel: str, burst: int, now: datetime
) -> int:
    """Take one message's worth from the channel's bucket.

    Returns 0 when there was some, else the whole seconds to wait (Retry-After). A bucket holds
    1 + `burst` messages and gains one a second.
    """
    size = 1.0 + burst
    left, since = buckets.get(channel, (size, now))
    left = min(size, left + max(0.0, (now - since).total_seconds()))
    if left < 1:
        buckets[channel] = (left, now)
        return max(1, math.ceil(1 - left))
    buckets[channel] = (left - 1, now)
    return 0
