"""What is open and planned for a person, a department or an account, on Home and in `/next`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time
from itertools import groupby

from sqlalchemy import and_

from bot.actions.digests.scopes import department_scope, own_scope
from bot.actions.touchpoints.rows import rows_of
from bot.actions.touchpoints.standing import count
from bot.actions.work import Work
from bot.messages.kit.text import plain
from bot.messages.touchpoints.lists import (
    MAX_ROWS,
    Group,
    Row,
    later_parts,
    own_title,
)
from bot.rules.facts.standing import NOTHING_OPEN, Counts
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.calendar import local_instant
from db.models import Account, Member, Touchpoint
from db.touchpoints import standing
from db.touchpoints.scope import is_in_any, is_in_scope
from db.touchpoints.standing import CLAIMED, LATER, OWN, Condition

Pair = tuple[Touchpoint, Account]


@dataclass(frozen=True)
class OpenWork:
    """Whose work it is, for a `reader`: `own` is the condition of the reader's own, `all` of
    everything that is asked for. `name` is what the rest is called, of the department `key`; with
    `has_owners` each line says whose it is."""

    reader: str
    own: Condition | None
    all: Condition
    name: str = ""
    key: str | None = None
    has_owners: bool = False

    def at(self, *where: Condition) -> OpenWork:
        """The same within more conditions."""
        return replace(self, all=and_(self.all, *where))

    def of(self, account: OpenWork) -> OpenWork:
        """The same for one account only."""
        name = f"{self.name or 'you'} at {account.name}"
        return replace(self, own=None, all=and_(self.all, account.all), name=name, key=None)


@dataclass(frozen=True)
class OpenCounts:
    """How many there are of the reader's own, and of all."""

    own: Counts
    all: Counts

    @property
    def unclaimed(self) -> int:
        """What nobody has and is not the reader's."""
        return self.all.unclaimed - self.own.unclaimed

    @property
    def claimed(self) -> int:
        """What others have."""
        return self.all.claimed - self.own.claimed


def of_person(work: Work, person: Member, key: str | None = None) -> OpenWork:
    """A person's own, and what belongs to the department `key`."""
    scope = own_scope(work, person)
    own = everything = is_in_scope(scope)
    if key is None:
        return OpenWork(person.user_id, own, everything)
    everything = is_in_any([scope, department_scope(work.playbook, key)])
    name = plain(work.playbook.departments[key].name)
    return OpenWork(person.user_id, own, everything, name, key)


def of_colleague(work: Work, reader: Member, person: Member) -> OpenWork:
    """Another person's own."""
    theirs = is_in_scope(own_scope(work, person))
    return OpenWork(reader.user_id, None, theirs, plain(person.name))


def of_department(work: Work, person: Member, key: str) -> OpenWork:
    """A department's, whoever reads it."""
    ours = is_in_scope(department_scope(work.playbook, key))
    name = plain(work.playbook.departments[key].name)
    return OpenWork(person.user_id, None, ours, name, key)


def of_account(person: Member, account: Account) -> OpenWork:
    of_it = standing.is_of_account(account.id)
    return OpenWork(person.user_id, None, of_it, plain(account.name), has_owners=True)


def is_overdue(work: Work) -> Condition:
    """Open, and late by a working day of its owner."""
    calendars = {key: work.playbook.calendar(key) for key in [*work.playbook.departments, MANAGER]}
    mornings = {
        key: local_instant(each.on_or_before(each.local_date(work.now)), time(0), each.zone)
        for key, each in calendars.items()
    }
    return standing.is_late(work.now, mornings)


def count_open(work: Work, asked: OpenWork) -> OpenCounts:
    """How many touchpoints stand in which way."""
    everything = count(work, asked.all)
    if asked.own is None or asked.own is asked.all:
        return OpenCounts(NOTHING_OPEN if asked.own is None else everything, everything)
    return OpenCounts(count(work, asked.all, asked.own), everything)


def list_groups(work: Work, asked: OpenWork, counts: OpenCounts, page: int = 1) -> list[Group]:
    """One page of all there is, each group with its heading."""
    found = _list(work, asked, MAX_ROWS, offset=(page - 1) * MAX_ROWS)
    pairs = [(touchpoint, account) for touchpoint, account, _ in found]
    rows = rows_of(work, pairs, asked.reader, asked.has_owners)
    grouped = groupby(zip(found, rows, strict=True), key=lambda each: each[0][2])
    return [
        Group(_title(asked, counts, group), [row for _, row in some]) for group, some in grouped
    ]


def list_rows(work: Work, asked: OpenWork, limit: int, *where: Condition, group: int) -> list[Row]:
    """The first of one group."""
    in_group = standing.group_of(asked.own, work.now) == group
    found = _list(work, asked, limit, in_group, *where)
    return rows_of(work, [(t, account) for t, account, _ in found], asked.reader, owners=False)


def _list(
    work: Work, asked: OpenWork, limit: int, *where: Condition, offset: int = 0
) -> list[tuple[Touchpoint, Account, int]]:
    group = standing.group_of(asked.own, work.now)
    found = asked.all, *where
    return standing.list_in_groups(work.tx, work.now, group, limit, *found, offset=offset)


def _title(asked: OpenWork, counts: OpenCounts, group: int) -> str:
    if group == OWN:
        return own_title(counts.own.open)
    if group == LATER:
        return f"Later: {' · '.join(later_parts(counts.all))}"
    where = f"in {asked.name}" if asked.key is not None else f"for {asked.name}"
    if group == CLAIMED:
        return f"Claimed {where}: {counts.claimed:,}"
    return f"Unclaimed {where}: {counts.unclaimed:,}"
