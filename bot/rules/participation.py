"""Which departments have done nothing for an account for too long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date


def silent_departments(
    last: Mapping[str, date], known_since: date, limits: Mapping[str, float], today: date
) -> dict[str, int]:
    """Department -> days since it last touched an account, where that is over its limit (in days).

    A department that never did counts from the day on which the account was known.
    """
    days = {key: (today - last.get(key, known_since)).days for key in limits}
    return {key: count for key, count in days.items() if count > limits[key]}
