"""When a customer was asked enough this week, and in which order due touchpoints go then. What
was done or is claimed takes one of the week's places for seven days, an unanswered nudge until
the end of its second working day. The most consequential go first; promises go on their day, and
only count."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.rules.facts.last_contact import PLAY, contacts_customer
from bot.rules.playbook.playbook import Playbook
from bot.rules.reasons import LEVELS, Level
from bot.rules.time.calendar import WorkingCalendar

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
    """When it goes over the limit: after the longest wait, or half of the time until a renewal."""
    if renewal is None:
        return longest
    return min(longest, due_at + max(renewal - due_at, timedelta(0)) / 2)


def asks_customer(playbook: Playbook, row: Any) -> bool:
    """Whether a touchpoint, or a row with its kind, stage and play, takes one of the week's
    places: only plays that ask something of the customer."""
    return row.kind == PLAY and contacts_customer(playbook, row)


def kept_until(calendar: WorkingCalendar, shown_at: datetime) -> datetime:
    """The end of the second working day of a nudge that nobody answers."""
    first = calendar.on_or_after(calendar.local_date(shown_at))
    return calendar.closing(calendar.add_business_days(first, 1))


def release_times(
    taken: Sequence[tuple[datetime, datetime]],
    ranked: Sequence[WaitingTouchpoint],
    limit: int,
    now: datetime,
    free_again: Callable[[datetime], datetime],
) -> list[datetime]:
    """When each touchpoint may go, in the order of `ranked`. `taken` are the week's places in
    use (since when, until when); `free_again` says when one taken at a time is free again."""
    last = max((since for since, _ in taken), default=None)
    in_use = sorted(until for _, until in taken if until > now)[-limit:]
    free = [now] * (limit - len(in_use)) + in_use
    times = []
    for touchpoint in ranked:
        free.sort()
        at = max(now, free[0])
        if at > touchpoint.latest:
            at = max(now, touchpoint.latest, last + MIN_GAP if last else now)
        free[0], last = free_again(at), max(at, last or at)
        times.append(at)
    return times


def _renewal_nearness(renews_in: int | None) -> int:
    if renews_in is None or renews_in < 0:
        return len(_RENEWAL_LIMITS)
    return bisect_left(_RENEWAL_LIMITS, renews_in)
