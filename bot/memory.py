"""What the clock of a process need not look up again; a restart forgets it."""

from collections import deque
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.rules.digests import DueDigest


@dataclass
class Memory:
    """Lives as long as the process's context. `idle` has the time span in which a duty has nothing
    to do, `digests` those due at `digests_at` and not posted yet, `reasons_days` the local date on
    which a workspace's accounts were last looked at, `terms_up_to` the highest account id checked
    in a workspace, `broken_briefs` the accounts (workspace, id) whose brief could not be written,
    `broken_mornings` when a person's morning failed."""

    idle: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    digests: deque[DueDigest] = field(default_factory=deque)
    digests_at: datetime | None = None
    reasons_days: dict[str, date] = field(default_factory=dict)
    terms_up_to: dict[str, int] = field(default_factory=dict)
    broken_briefs: set[tuple[str, int]] = field(default_factory=set)
    broken_mornings: dict[str, datetime] = field(default_factory=dict)

    def is_idle(self, duty: str, now: datetime) -> bool:
        """Whether a duty is known to have nothing to do now; not if the clock was set back."""
        since, until = self.idle.get(duty, (now, now))
        return since <= now < until

    def rest(self, duty: str, now: datetime, until: datetime) -> None:
        """Records that a duty has nothing to do from `now` to `until`."""
        self.idle[duty] = (now, until)
