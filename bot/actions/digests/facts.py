"""Gathers what a digest tells, within one scope and span of days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bot.actions.touchpoints import pace
from bot.messages.digests import facts as told
from bot.rules.playbook.playbook import MANAGER, Playbook
from db.core.tx import Tx
from db.digests import digests, readers
from db.participation import participation
from db.touchpoints.scope import DONE, SKIPPED, Scope, Span

#: At most so many of each are named; the rest is counted.
MOST_NEEDS = 5
MOST_RENEWALS = 5
MOST_STUCK = 5
MOST_MOVES = 6

WEEK = timedelta(days=7)
_NEAR = ((0, 30), (31, 60), (61, 90))
#: A renewal date that has gone by for longer than this was given up, not forgotten.
_PASSED = timedelta(days=90)


@dataclass(frozen=True)
class Desk:
    """What is looked at, and for whom. `zone` is the reader's, for counting days."""

    tx: Tx
    playbook: Playbook
    scope: Scope
    zone: ZoneInfo
    span: Span

    def day(self, moment: datetime) -> date:
        """The date of a time where the reader is."""
        return moment.astimezone(self.zone).date()

    def days_since(self, moment: datetime) -> int:
        return (self.span.today - self.day(moment)).days


class Work(NamedTuple):
    """Open touchpoints: how many of which kind, and those that matter most."""

    waiting: int
    claimed: int
    coming: int
    longest: int
    needs: list[told.Need]


class Renewing(NamedTuple):
    groups: list[told.Renewals]
    passed: list[tuple[str, date]]


class Done(NamedTuple):
    done: int
    skipped: int
    logged: int
    thanks: list[tuple[str, int]]


def span(now: datetime, zone: ZoneInfo, last_told: datetime | None) -> Span:
    """A week back and a week on; further back, up to two weeks, to where the last digest ended:
    after a holiday one comes a day late, and that day must not fall between two."""
    since = now - WEEK
    if last_told is not None:
        since = max(min(since, last_told), now - 2 * WEEK)
    return Span(since, now, now + WEEK, now.astimezone(zone).date())


def work(desk: Desk) -> Work:
    """What is open, and the few that matter most."""
    counts = digests.open_counts(desk.tx, desk.scope, desk.span)
    rows = digests.needs(desk.tx, desk.scope, desk.span, MOST_NEEDS)
    called = readers.names(desk.tx, {row.by_user for row in rows if row.by_user})
    oldest = counts.oldest
    return Work(
        counts.waiting,
        counts.claimed,
        counts.coming,
        max(0, desk.days_since(oldest)) if oldest is not None else 0,
        [_need(desk, row, called) for row in rows],
    )


def renewals(desk: Desk) -> Renewing:
    """Who renews within 90 days and what is missing; whose date has gone by."""
    today = desk.span.today
    exits = [stage.key for stage in desk.playbook.stages if stage.exit]
    last = today + timedelta(days=_NEAR[-1][1])
    rows = digests.renewals(desk.tx, desk.scope, desk.span, today - _PASSED, last, exits)
    passed = [(row.name, row.renews_on) for row in rows if row.renews_on < today]
    ahead = [row for row in rows if row.renews_on >= today]
    groups = [[row for row in ahead if _within(row.renews_on - today, span)] for span in _NEAR]
    write = _renewal_writer(desk, [row for group in groups for row in group[:MOST_RENEWALS]])
    return Renewing(
        [
            told.Renewals(first, last, len(group), [write(row) for row in group[:MOST_RENEWALS]])
            for (first, last), group in zip(_NEAR, groups, strict=True)
        ],
        passed,
    )


def stuck(desk: Desk) -> list[told.Stuck]:
    """Those who are longer in their stage than expected, the furthest beyond first."""
    now, playbook = desk.span.now, desk.playbook
    rows = digests.stuck(desk.tx, desk.scope, desk.span, pace.before(playbook, "behind", now))
    found = [
        told.Stuck(
            row.name,
            _stage_name(playbook, row.stage),
            pace.days_in_stage(playbook, row, now),
            _expected(playbook, row.stage),
            pace.level_of(playbook, row, now),
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (row.expected - row.days, row.account))


def moves(desk: Desk) -> tuple[int, list[told.Move]]:
    """How many moves people made, and the newest."""
    rows = digests.moves(desk.tx, desk.scope, desk.span)
    shown = rows[:MOST_MOVES]
    called = readers.names(desk.tx, {row.by_user for row in shown if row.by_user})
    return len(rows), [_move(desk.playbook, row, called) for row in shown]


def done(desk: Desk) -> Done:
    """What was done, skipped and logged, and who is to be thanked."""
    ended: Counter[str] = Counter()
    credit: Counter[str] = Counter()
    for row in digests.ended(desk.tx, desk.scope, desk.span):
        ended[row.state] += row.count
        if row.state == DONE:
            credit[row.by_user] += row.count
    logged = digests.logged(desk.tx, desk.scope, desk.span)
    credit.update(logged)
    if desk.scope == Scope():
        for user, count in participation.credit(desk.tx, desk.span.since, desk.span.now):
            credit[user] += count
    for user in participation.unnamed(desk.tx) & set(credit):
        del credit[user]
    called = readers.names(desk.tx, credit.keys())
    thanks = [(called[user], count) for user, count in credit.most_common() if user in called]
    return Done(ended[DONE], ended[SKIPPED], sum(logged.values()), thanks)


def teams(desk: Desk) -> list[told.Team]:
    """Each department's week, and the managers'."""
    rows = digests.by_owner(desk.tx, desk.span, desk.playbook.without_manager)
    names = {key: department.name for key, department in desk.playbook.departments.items()}
    return [
        told.Team(name, rows[key].waiting, rows[key].claimed, rows[key].done)
        if key in rows
        else told.Team(name, 0, 0, 0)
        for key, name in {**names, MANAGER: "Account managers"}.items()
    ]


def unsent(desk: Desk, lane: str | None) -> list[told.Unsent]:
    """Nudges that did not arrive, in one channel or (None) anywhere."""
    rows = readers.unsent(desk.tx, desk.span.since, lane)
    called = readers.names(desk.tx, {row.lane for row in rows})
    return [
        told.Unsent(called.get(row.lane) or _place(row.lane), row.why, row.count) for row in rows
    ]


def _need(desk: Desk, row: Any, called: dict[str, str]) -> told.Need:
    renews_in = (row.renews_on - desk.span.today).days if row.renews_on else None
    near = renews_in is not None and 0 <= renews_in <= _NEAR[-1][1]
    snoozed = row.snoozed_until
    return told.Need(
        id=row.id,
        account=row.account,
        title=row.title,
        owner=_owner(desk, row),
        state=row.state,
        by=called.get(row.by_user or "", "somebody"),
        due_at=row.due_at,
        overdue=desk.days_since(row.due_at),
        renews_in=renews_in if near else None,
        snoozed_until=snoozed if snoozed is not None and snoozed > desk.span.now else None,
        held_until=row.held_until if row.state == "planned" else None,
    )


def _owner(desk: Desk, row: Any) -> str:
    """Whose a touchpoint is, where that is not the reader's own."""
    if desk.scope.department is not None:
        return "the account has no manager" if row.owner == MANAGER else ""
    if row.owner != MANAGER:
        department = desk.playbook.departments.get(row.owner)
        return department.name if department else str(row.owner)
    if desk.scope.manager is not None:
        return ""
    stand_in = desk.playbook.departments[desk.playbook.without_manager].name
    return "the account's manager" if row.manager_id else f"{stand_in}, for want of a manager"


def _renewal_writer(desk: Desk, rows: Sequence[Any]) -> Callable[[Any], told.Renewal]:
    """Looks up at once what is missing at the accounts that are shown."""
    ids = [row.id for row in rows]
    contact = digests.last_contact(desk.tx, ids)
    overdue = digests.overdue(desk.tx, ids, desk.span)
    called = readers.names(desk.tx, {row.manager_id for row in rows if row.manager_id})
    today = desk.span.today

    def write(row: Any) -> told.Renewal:
        last = contact.get(row.id)
        return told.Renewal(
            account=row.name,
            on=row.renews_on,
            days=(row.renews_on - today).days,
            manager=called.get(row.manager_id, "a manager") if row.manager_id else None,
            silent=(today - last).days if last else None,
            overdue=overdue.get(row.id, 0),
        )

    return write


def _move(playbook: Playbook, row: Any, called: dict[str, str]) -> told.Move:
    way = playbook.direction(row.from_stage, row.to_stage)
    return told.Move(
        account=row.name,
        before=_stage_name(playbook, row.from_stage),
        after=_stage_name(playbook, row.to_stage),
        by=called.get(row.by_user or ""),
        reason=row.reason if way in ("back", "out") else None,
    )


def _stage_name(playbook: Playbook, key: str) -> str:
    stage = playbook.stage(key)
    return stage.name if stage else key


def _expected(playbook: Playbook, key: str) -> int:
    stage = playbook.stage(key)
    return (stage.expected_days if stage else None) or 0


def _within(ahead: timedelta, span: tuple[int, int]) -> bool:
    return span[0] <= ahead.days <= span[1]


def _place(lane: str) -> str:
    return f"<#{lane}>" if lane.startswith(("C", "G")) else "somebody I do not know"
