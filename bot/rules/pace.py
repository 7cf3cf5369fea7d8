"""Whether an account is on track, behind or stuck in its stage.

Only days since the account is known here count: by a CRM's old dates an import would call every
account stuck.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Final, Literal

Level = Literal["on track", "behind", "stuck"]

LEVELS: Final[tuple[Level, ...]] = ("on track", "behind", "stuck")


def counted_days(entered: date, known_since: date, today: date) -> int:
    """The days in the stage that count; the dates are those of the reader's calendar."""
    return max(0, (today - max(entered, known_since)).days)


def stuck_after(expected_days: int, factor: float) -> int:
    """The last day on which an account is behind and not yet stuck: 45 for 30 days and 1.5."""
    return max(expected_days, math.floor(expected_days * factor))


def pace_level(days: int, expected_days: int | None, factor: float) -> Level:
    """The pace after `days`: behind from the day after the expected ones, stuck from `factor`
    times as many. A stage that expects nothing, and an exit, is always on track."""
    if expected_days is None or days <= expected_days:
        return "on track"
    return "behind" if days <= stuck_after(expected_days, factor) else "stuck"
