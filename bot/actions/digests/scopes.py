"""Whose accounts and touchpoints a digest covers, and of which days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions.work import Work
from bot.rules.digests import WEEK, reader_zone, week_began
from bot.rules.playbook.playbook import Playbook
from db.core.tx import Tx
from db.members import members
from db.touchpoints.scope import Scope, Span, is_account_in_scope


@dataclass(frozen=True)
class DigestScope:
    """What a digest covers, and for whom. `zone` is the reader's, for counting days."""

    work: Work
    scope: Scope
    zone: ZoneInfo
    span: Span

    @property
    def tx(self) -> Tx:
        return self.work.tx

    @property
    def playbook(self) -> Playbook:
        return self.work.playbook

    @property
    def accounts(self) -> Any:
        """The condition of the accounts that it covers."""
        return is_account_in_scope(self.scope, self.span)

    def day(self, moment: datetime) -> date:
        """The date of a time where the reader is."""
        return moment.astimezone(self.zone).date()


def company_week(work: Work) -> DigestScope:
    """Everybody's week before this one."""
    return last_week(work, Scope(), ZoneInfo(work.playbook.company.timezone))


def department_week(work: Work, key: str) -> DigestScope:
    """A department's week before this one."""
    scope = Scope(department=key, stands_in=key == work.playbook.without_manager)
    return last_week(work, scope, work.playbook.departments[key].calendar().zone)


def last_week(work: Work, scope: Scope, zone: ZoneInfo) -> DigestScope:
    began = week_began(work.now, zone)
    return of_days(work, scope, zone, began - WEEK, began)


def person_week(work: Work, user_id: str) -> DigestScope:
    """A person's week before this one; from Thursday on, this one so far."""
    person = members.by_user_id(work.tx, user_id)
    zone = reader_zone(person.tz if person else "", work.playbook)
    scope, began = Scope(manager=user_id), week_began(work.now, zone)
    if work.now.astimezone(zone).weekday() < 3:
        return last_week(work, scope, zone)
    return of_days(work, scope, zone, began, work.now)


def of_days(
    work: Work, scope: Scope, zone: ZoneInfo, since: datetime, until: datetime
) -> DigestScope:
    """What was from `since` to `until`, as of today."""
    today = work.now.astimezone(zone).date()
    return DigestScope(work, scope, zone, Span(since, until, work.now + WEEK, today))
