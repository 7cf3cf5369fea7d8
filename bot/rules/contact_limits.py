"""Which touchpoint goes first when a customer has been asked enough, and until when others wait.

The order, most consequential first: an account whose renewal is near; what the playbook gives more
weight; what hangs on the renewal; an account that is stuck or behind; what has waited
longest. A promise is not in it: it goes on its day, and only counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.rules.pace import LEVELS, Level

WEEK: Final = timedelta(days=7)
#: What has waited longest goes anyway, but not two on a day.
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
    """When what is due goes anyway: after the longest wait, and what hangs on a renewal when half
    of the time until then has gone by."""
    if renewal is None:
        return longest
    return min(longest, due_at + max(renewal - due_at, timedelta(0)) / 2)


def release_times(
    asked: Sequence[datetime], ranked: Sequence[WaitingTouchpoint], limit: int, now: datetime
) -> list[datetime]:
    """When each of those that wait may go, `now` for at once; `ranked` has the first in front.

    In any seven days a customer is asked `limit` times. `asked` is when it was in the last seven.
    """
    newest = sorted(asked)[-limit:]
    free = [now] * (limit - len(newest)) + [at + WEEK for at in newest]
    last = newest[-1] if newest else None
    found = []
    for each in ranked:
        free.sort()
        at = max(now, free[0])
        if at > each.latest:
            at = max(now, each.latest, last + MIN_GAP if last else now)
        free[0], last = at + WEEK, max(at, last or at)
        found.append(at)
    return found


def _renewal_nearness(renews_in: int | None) -> int:
    """0 for a renewal within 30 days, 1 within 60, 2 within 90, 3 for none so near."""
    if renews_in is None or renews_in < 0:
        return len(_RENEWAL_LIMITS)
    return next(
        (rank for rank, days in enumerate(_RENEWAL_LIMITS) if renews_in <= days),
        len(_RENEWAL_LIMITS),
    )
