"""How much each department did for an account, and which has done nothing for too long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

WINDOW_DAYS: Final = 90


@dataclass(frozen=True)
class Touch:
    """Something a department did for an account."""

    department: str
    on: date


def count_by_department(touches: Iterable[Touch]) -> Counter[str]:
    """How much each department did."""
    return Counter(touch.department for touch in touches)


def count_by_month(touches: Iterable[Touch]) -> dict[tuple[int, int], Counter[str]]:
    """(year, month) -> how much each department did, the newest month first."""
    months: dict[tuple[int, int], Counter[str]] = {}
    for touch in sorted(touches, key=lambda touch: touch.on, reverse=True):
        months.setdefault((touch.on.year, touch.on.month), Counter())[touch.department] += 1
    return months


def silent_departments(
    last: Mapping[str, date], known_since: date, limits: Mapping[str, float], today: date
) -> dict[str, int]:
    """Department -> days since it last touched an account, where that is over its limit (in days).

    A department that never did counts from the day on which the account was known.
    """
    days = {key: (today - last.get(key, known_since)).days for key in limits}
    return {key: count for key, count in days.items() if count > limits[key]}
