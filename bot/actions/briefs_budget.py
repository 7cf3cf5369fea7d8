"""How many briefs a manager gets a day: those over the limit are held for the next working day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from bot.actions.briefs import calendar_of, reader_of
from bot.actions.places import MANAGER
from bot.rules import briefs as rules
from bot.rules.playbook import Playbook
from bot.rules.schedule import instant
from db import attention, briefs
from db.models import Account
from db.tx import Tx


@dataclass
class Budget:
    """How many briefs each reader has had today; those over the limit wait for the next working
    day, the nearest renewal goes first."""

    tx: Tx
    playbook: Playbook
    now: datetime
    had: dict[str, int] = field(default_factory=dict)

    def waits_until(self, account: Account) -> datetime | None:
        """When a brief that is due may go; None for at once. Nothing waits for a day on which it
        would be of no use: the renewal has come, or the next brief is due."""
        section, to = self.playbook.renewals, reader_of(self.tx, self.playbook, account)
        if section is None or account.renews_on is None or to is None:
            return None
        calendar = calendar_of(self.tx, self.playbook, account)
        today = calendar.local_date(self.now)
        if to not in self.had:
            midnight = instant(today, time(0), calendar.zone)
            self.had[to] = attention.asks_since(self.tx, to, midnight, ("brief",))
        limits = self.playbook.attention
        limit = limits.person_a_day if to.startswith("U") else limits.channel_a_day
        if self.had[to] < limit:
            return None
        tomorrow = calendar.on_or_after(today + timedelta(days=1))
        now_due, then_due = (
            rules.window((account.renews_on - day).days, section.brief) for day in (today, tomorrow)
        )
        return calendar.opening(tomorrow) if now_due == then_due else None


def held(
    tx: Tx, playbook: Playbook, readers: Sequence[str], now: datetime
) -> list[tuple[str, datetime]]:
    """(account, when it comes) of these readers' briefs that are held, the first to come first."""
    budget = Budget(tx, playbook, now)
    found = [
        (account.name, until)
        for account in due(tx, playbook, now)
        if account.manager_id in readers and (until := budget.waits_until(account)) is not None
    ]
    return sorted(found, key=lambda each: each[1])


def due(tx: Tx, playbook: Playbook, now: datetime) -> list[Account]:
    """Accounts whose brief may be said, the soonest renewal first."""
    if playbook.renewals is None:
        return []
    today = playbook.calendar(MANAGER).local_date(now)
    return briefs.due(tx, today, playbook.renewals.brief, exits(playbook))


def exits(playbook: Playbook) -> list[str]:
    return [stage.key for stage in playbook.stages if stage.exit]
