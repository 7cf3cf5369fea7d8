"""What is open and planned for a person, a department or an account: the same on Home and in
`/next`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from sqlalchemy import and_

from bot.actions.touchpoints.labels import assignee_label
from bot.actions.touchpoints.plays import records_of
from bot.actions.touchpoints.standing import count, standing_of
from bot.actions.views.scopes import department_scope, own_scope
from bot.actions.work import Work
from bot.messages.kit.text import mention, plain
from bot.messages.touchpoints.lists import (
    MAX_ROWS,
    Group,
    Row,
    later_parts,
    own_title,
    unclaimed_title,
)
from bot.rules.facts.live import is_live
from bot.rules.facts.standing import NOTHING_OPEN, Counts
from bot.rules.playbook.playbook import MANAGER
from bot.rules.reasons import is_soon
from db.contracts import contracts
from db.digests import readers
from db.models import Account, Member, Touchpoint
from db.touchpoints import standing
from db.touchpoints.scope import is_in_any, is_in_scope
from db.touchpoints.standing import CLAIMED, LATER, OWN, Condition

Pair = tuple[Touchpoint, Account]


@dataclass(frozen=True)
class OpenWork:
    """Whose work it is: `own` is the condition of the reader's own, `all` of everything that is
    asked for; `name` is what is not the reader's, `account` whether that is an account."""

    own: Condition | None
    all: Condition
    name: str = ""
    is_account: bool = False

    def at(self, *where: Condition) -> OpenWork:
        """The same within more conditions."""
        return replace(self, all=and_(self.all, *where))


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
    own = own_scope(work, person)
    if key is None:
        return OpenWork(is_in_scope(own), is_in_scope(own))
    both = is_in_any([own, department_scope(work.playbook, key)])
    return OpenWork(is_in_scope(own), both, plain(work.playbook.departments[key].name))


def of_department(work: Work, key: str) -> OpenWork:
    """A department's, whoever reads it."""
    ours = is_in_scope(department_scope(work.playbook, key))
    return OpenWork(None, ours, plain(work.playbook.departments[key].name))


def of_account(account: Account) -> OpenWork:
    here = standing.is_of_account(account.id)
    return OpenWork(None, here, plain(account.name), is_account=True)


def count_open(work: Work, asked: OpenWork) -> OpenCounts:
    """How many touchpoints stand in which way."""
    own = NOTHING_OPEN if asked.own is None else count(work, asked.all, asked.own)
    return OpenCounts(own, count(work, asked.all))


def list_groups(
    work: Work, asked: OpenWork, counts: OpenCounts, reader: str, page: int = 1
) -> list[Group]:
    """One page of all there is, each group with its heading."""
    found = list_rows(work, asked, MAX_ROWS, reader=reader, offset=(page - 1) * MAX_ROWS)
    return [
        Group(_title(asked, counts, group), [row for _, row in rows])
        for group, rows in groupby(found, key=lambda each: each[0])
    ]


def list_rows(
    work: Work,
    asked: OpenWork,
    limit: int,
    *where: Condition,
    reader: str,
    group: int | None = None,
    offset: int = 0,
) -> list[tuple[int, Row]]:
    """(group, touchpoint), in the order of the groups; of one `group` only, if given."""
    groups = standing.group_of(asked.own, work.now)
    only = () if group is None else (groups == group,)
    found = standing.list_in_groups(
        work.tx, work.now, groups, limit, asked.all, *where, *only, offset=offset
    )
    rows = rows_of(work, [(t, account) for t, account, _ in found], reader, asked.is_account)
    return list(zip((each for _, _, each in found), rows, strict=True))


def rows_of(work: Work, pairs: Sequence[Pair], reader: str, owners: bool = True) -> list[Row]:
    """Touchpoints as lists show them to a reader; with `owners` each says whose it is."""
    today = work.playbook.calendar(MANAGER).local_date(work.now)
    renewing = {
        account.id: account
        for _, account in pairs
        if is_soon(account.renews_on, today) and is_live(work.playbook, account)
    }
    stakes = contracts.stakes(work.tx, renewing.values(), work.playbook.value.currency)
    claimers = {t.by_user for t, _ in pairs if t.state == "claimed" and t.by_user}
    names = readers.display_names(work.tx, claimers - {reader}) | {reader: "you"}
    rows = []
    for t, account in pairs:
        calendar, is_claimed = work.playbook.calendar(t.owner), t.state == "claimed"
        rows.append(
            Row(
                id=t.id,
                account=account.name,
                title=t.title,
                kind=t.kind,
                standing=standing_of(work.playbook, t, account, work.now),
                due_on=calendar.local_date(t.due_at),
                today=calendar.local_date(work.now),
                owner=_whose(work, t, account, reader, owners),
                has=plain(names.get(t.by_user or "", "somebody")) if is_claimed else "",
                claimed_on=calendar.local_date(t.state_at) if is_claimed else None,
                records=records_of(work.playbook, t),
                renews_on=account.renews_on if account.id in renewing else None,
                worth=stakes.get(account.id),
            )
        )
    return rows


def _whose(work: Work, t: Touchpoint, account: Account, reader: str, owners: bool) -> str:
    if owners:
        return assignee_label(work.playbook, t, account)
    if t.person_id is not None:
        return mention(t.person_id) if t.person_id != reader else ""
    manager = account.manager_id if t.owner == MANAGER else None
    return f"for {mention(manager)}" if manager not in (None, reader) else ""


def _title(asked: OpenWork, counts: OpenCounts, group: int) -> str:
    if group == OWN:
        return own_title(counts.own.open)
    if group == LATER:
        return f"Later: {' · '.join(later_parts(counts.all))}"
    where = f"for {asked.name}" if asked.is_account else f"in {asked.name}"
    if group == CLAIMED:
        return f"Claimed {where}: {counts.claimed:,}"
    if asked.is_account:
        return f"Unclaimed {where}: {counts.unclaimed:,}"
    return unclaimed_title(asked.name, counts.unclaimed)
