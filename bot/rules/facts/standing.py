"""How a touchpoint that has not ended stands: unclaimed, claimed, due within seven days, postponed,
or planned for later. Each is one of these; open are the first two. It is open since it was first
shown to its owner. It is overdue by the owner's working days since it was shown last and due."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.rules.playbook.playbook import Playbook

AHEAD: Final = timedelta(days=7)
#: The states of a touchpoint that was shown and has not ended.
_OPEN: Final = ("nudged", "claimed")


@dataclass(frozen=True)
class Counts:
    """How many touchpoints stand in each way; `oldest` is the most days one is overdue."""

    unclaimed: int = 0
    claimed: int = 0
    later: int = 0
    postponed: int = 0
    planned: int = 0
    oldest: int = 0

    @property
    def open(self) -> int:
        return self.unclaimed + self.claimed

    @property
    def total(self) -> int:
        return self.open + self.later + self.postponed + self.planned


NOTHING_OPEN: Final = Counts()


def late_since(row: Any) -> datetime:
    """When a shown touchpoint, or a row with its `nudged_at` and `due_at`, began to be late."""
    due_at: datetime = row.due_at
    return max(row.nudged_at or due_at, due_at)


def days_overdue(playbook: Playbook, owner: str, since: datetime, now: datetime) -> int:
    """The owner's working days after the day of `since`, up to today."""
    calendar = playbook.calendar(owner)
    return calendar.working_days_after(calendar.local_date(since), calendar.local_date(now))


def overdue_days(playbook: Playbook, touchpoint: Any, now: datetime) -> int:
    """The working days since an open touchpoint was shown and due; 0 for one not shown yet."""
    if touchpoint.state not in _OPEN:
        return 0
    return days_overdue(playbook, touchpoint.owner, late_since(touchpoint), now)
