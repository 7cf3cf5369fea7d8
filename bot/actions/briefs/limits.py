"""How many briefs a manager gets a day: those over the limit are held for the next working day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from bot.actions.briefs.briefs import find_reader
from bot.actions.touchpoints.routing import MANAGER, manager_calendar
from bot.actions.work import Work
from bot.rules import briefs as rules
from bot.rules.facts.live import exit_stages
from bot.rules.playbook.playbook import Playbook
from bot.rules.time.calendar import WorkingCalendar, local_instant
from db.briefs import briefs
from db.core.tx import Tx
from db.touchpoints import limits as touchpoints_limits


@dataclass
class Budget:
    """How many briefs each reader has had today; those over the limit wait for the next day."""

    tx: Tx
    playbook: Playbook
    now: datetime
    had: dict[str, int] = field(default_factory=dict)
    _readers: dict[str | None, tuple[str | None, WorkingCalendar]] = field(default_factory=dict)

    def reader(self, manager_id: str | None) -> tuple[str | None, WorkingCalendar]:
        """Who reads about that manager's accounts, and when they work; looked up once."""
        if manager_id not in self._readers:
            self._readers[manager_id] = (
                find_reader(self.tx, self.playbook, manager_id),
                manager_calendar(self.tx, self.playbook, manager_id),
            )
        return self._readers[manager_id]

    def may_go(self, account: briefs.DueBrief) -> bool:
        """Whether its reader is at work now, and has not had enough briefs today."""
        to, calendar = self.reader(account.manager_id)
        return to is not None and calendar.is_open(self.now) and self.waits_until(account) is None

    def waits_until(self, account: briefs.DueBrief) -> datetime | None:
        """When a due brief may go; None for at once, and where it would come too late then."""
        section, (to, calendar) = self.playbook.renewals, self.reader(account.manager_id)
        if section is None or to is None:
            return None
        today = calendar.local_date(self.now)
        if to not in self.had:
            midnight = local_instant(today, time(0), calendar.zone)
            self.had[to] = touchpoints_limits.count_sent_since(self.tx, to, midnight, "brief")
        limits = self.playbook.attention
        limit = limits.person_a_day if to.startswith("U") else limits.channel_a_day
        if self.had[to] < limit:
            return None
        tomorrow = calendar.on_or_after(today + timedelta(days=1))
        now_due, then_due = (
            rules.due_brief((account.renews_on - day).days, section.brief)
            for day in (today, tomorrow)
        )
        return calendar.opening(tomorrow) if now_due == then_due else None


def list_postponed(work: Work, readers: Sequence[str]) -> list[tuple[str, datetime]]:
    """(account's name, when it comes) of these readers' postponed briefs, the soonest first."""
    budget = Budget(work.tx, work.playbook, work.now)
    postponed = [
        (account.name, until)
        for account in list_due(work)
        if account.manager_id in readers and (until := budget.waits_until(account)) is not None
    ]
    return sorted(postponed, key=lambda each: each[1])


def list_due(work: Work, only: int | None = None) -> list[briefs.DueBrief]:
    """Accounts whose brief may be posted, the soonest renewal first; `only` that one, if given."""
    if work.playbook.renewals is None:
        return []
    today = work.playbook.calendar(MANAGER).local_date(work.now)
    exits = exit_stages(work.playbook)
    return briefs.list_due(work.tx, today, work.playbook.renewals.brief, exits, only)
