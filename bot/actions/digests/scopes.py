"""Whose accounts and touchpoints a digest, Home or `/next` covers, of which days; what was done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions.touchpoints.routing import delegators_of
from bot.actions.work import Work
from bot.messages.digests.thanks import Done
from bot.rules.digests import WEEK, reader_zone, week_began
from bot.rules.playbook.playbook import Playbook
from db.core.tx import Tx
from db.digests import digests, readers
from db.members import members
from db.models import Member
from db.touchpoints.scope import DONE, SKIPPED, Scope, Span, is_account_in_scope


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


def own_scope(work: Work, person: Member) -> Scope:
    """The person's own touchpoints, and those of whom they cover for."""
    also = tuple(delegators_of(work.tx, person.user_id))
    return Scope(manager=person.user_id, also=also)


def department_scope(playbook: Playbook, key: str) -> Scope:
    return Scope(department=key, stands_in=key == playbook.without_manager)


def company_week(work: Work) -> DigestScope:
    """Everybody's week before this one."""
    return last_week(work, Scope(), ZoneInfo(work.playbook.company.timezone))


def department_week(work: Work, key: str) -> DigestScope:
    """A department's week before this one."""
    scope = department_scope(work.playbook, key)
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


def gather_done(within: DigestScope) -> Done:
    """The touchpoints that people did and skipped; who wants no thanks is not named."""
    ended: Counter[str] = Counter()
    credit: Counter[str] = Counter()
    for row in digests.count_ended(within.tx, within.scope, within.span):
        ended[row.state] += row.count
        if row.state == DONE:
            credit[row.by_user] += row.count
    unnamed = members.members_without_thanks(within.tx)
    names = readers.display_names(within.tx, credit.keys() - unnamed)
    thanks = [(names[user], count) for user, count in credit.most_common() if user in names]
    so_far = within.span.now >= within.work.now
    return Done(ended[DONE], ended[SKIPPED], thanks, "this week" if so_far else "last week")
