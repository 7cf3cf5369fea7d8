"""The order in which due touchpoints go when a customer was asked enough, and how long they wait.

Most consequential first: a near renewal; more weight in the playbook; a play that is due by the
renewal date; an account that is stuck or behind; the longest wait. Promises are not held back: they
go on their day, and only count.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.rules.reasons import LEVELS, Level

WEEK: Final = timedelta(days=7)
#: What has reached its latest time goes over the limit, but not two on a day.
MIN_GAP: Final = timedelta(days=1)
_RENEWAL_LIMITS: Final = (30, 60, 90)


@dataclass(frozen=True)
class WaitingTouchpoint:
    """A touchpoint that is due. `renews_in` are days; `latest` is when it goes anyway."""

    id: int
    due_at: datetime
    latest: datetime
    hangs_on_renewal: bool = False
    renews_in: int | None = None
    weight: int = 2
    pace: Level = "on track"


def priority_key(waiting: WaitingTouchpoint) -> tuple[Any, ...]:
    """Sorts the most consequential first; the same rows always come in the same order."""
    return (
        _renewal_nearness(waiting.renews_in),
        -waiting.weight,
        not waiting.hangs_on_renewal,
        -LEVELS.index(waiting.pace),
        waiting.due_at,
        waiting.id,
    )


def latest_time(due_at: datetime, longest: datetime, renewal: datetime | None) -> datetime:
    """When a due touchpoint goes over the limit: after the longest wait, and before a renewal when
    half of the time until it is over."""
    if renewal is None:
        return longest
    return min(longest, due_at + max(renewal - due_at, timedelta(0)) / 2)


def release_times(
    asked: Sequence[datetime], ranked: Sequence[WaitingTouchpoint], limit: int, now: datetime
) -> list[datetime]:
    """When each touchpoint may go, in the order of `ranked` (the first to go in front).

    In any seven days a customer is asked `limit` times; `asked` are the times of the last seven.
    """
    newest = sorted(asked)[-limit:]
    free = [now] * (limit - len(newest)) + [at + WEEK for at in newest]
    last = newest[-1] if newest else None
    times = []
    for touchpoint in ranked:
        free.sort()
        at = max(now, free[0])
        if at > touchpoint.latest:
            at = max(now, touchpoint.latest, last + MIN_GAP if last else now)
        free[0], last = at + WEEK, max(at, last or at)
        times.append(at)
    return times


def _renewal_nearness(renews_in: int | None) -> int:
    """0 for a renewal within 30 days, 1 within 60, 2 within 90, 3 for none so near."""
    if renews_in is None or renews_in < 0:
        return len(_RENEWAL_LIMITS)
    return bisect_left(_RENEWAL_LIMITS, renews_in)
