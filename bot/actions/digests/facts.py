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
MAX_NEEDS = 5
MAX_RENEWALS = 5
MAX_STUCK = 5
MAX_MOVES = 6

WEEK = timedelta(days=7)
_RENEWAL_RANGES = ((0, 30), (31, 60), (61, 90))
#: A renewal date that has gone by for longer than this was given up, not forgotten.
_PASSED_WINDOW = timedelta(days=90)


@dataclass(frozen=True)
class DigestScope:
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


class OpenWork(NamedTuple):
    """Open touchpoints: how many of which kind, and those that matter most."""

    waiting: int
    claimed: int
    coming: int
    longest: int
    needs: list[told.OpenTouchpoint]


class RenewalFacts(NamedTuple):
    groups: list[told.RenewalRange]
    passed: list[tuple[str, date]]


class DoneWork(NamedTuple):
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


def gather_open_work(desk: DigestScope) -> OpenWork:
    """What is open, and the few that matter most."""
    counts = digests.count_open(desk.tx, desk.scope, desk.span)
    rows = digests.list_most_urgent(desk.tx, desk.scope, desk.span, MAX_NEEDS)
    called = readers.display_names(desk.tx, {row.by_user for row in rows if row.by_user})
    oldest = counts.oldest
    return OpenWork(
        counts.waiting,
        counts.claimed,
        counts.coming,
        max(0, desk.days_since(oldest)) if oldest is not None else 0,
        [_build_need(desk, row, called) for row in rows],
    )


def gather_renewals(desk: DigestScope) -> RenewalFacts:
    """Who renews within 90 days and what is missing; whose date has gone by."""
    today = desk.span.today
    exits = [stage.key for stage in desk.playbook.stages if stage.exit]
    last = today + timedelta(days=_RENEWAL_RANGES[-1][1])
    rows = digests.list_renewals(
        desk.tx, desk.scope, desk.span, today - _PASSED_WINDOW, last, exits
    )
    passed = [(row.name, row.renews_on) for row in rows if row.renews_on < today]
    ahead = [row for row in rows if row.renews_on >= today]
    groups = [
        [row for row in ahead if _is_within(row.renews_on - today, span)]
        for span in _RENEWAL_RANGES
    ]
    write = _renewal_writer(desk, [row for group in groups for row in group[:MAX_RENEWALS]])
    return RenewalFacts(
        [
            told.RenewalRange(first, last, len(group), [write(row) for row in group[:MAX_RENEWALS]])
            for (first, last), group in zip(_RENEWAL_RANGES, groups, strict=True)
        ],
        passed,
    )


def gather_stuck(desk: DigestScope) -> list[told.StuckAccount]:
    """Those who are longer in their stage than expected, the furthest beyond first."""
    now, playbook = desk.span.now, desk.playbook
    rows = digests.list_beyond_expected(
        desk.tx, desk.scope, desk.span, pace.crossing_times(playbook, "behind", now)
    )
    found = [
        told.StuckAccount(
            row.name,
            _stage_name(playbook, row.stage),
            pace.days_in_stage(playbook, row, now),
            _expected_days(playbook, row.stage),
            pace.pace_level(playbook, row, now),
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (row.expected - row.days, row.account))


def gather_moves(desk: DigestScope) -> tuple[int, list[told.MoveNews]]:
    """How many moves people made, and the newest."""
    rows = digests.list_moves(desk.tx, desk.scope, desk.span)
    shown = rows[:MAX_MOVES]
    called = readers.display_names(desk.tx, {row.by_user for row in shown if row.by_user})
    return len(rows), [_build_move(desk.playbook, row, called) for row in shown]


def gather_done(desk: DigestScope) -> DoneWork:
    """What was done, skipped and logged, and who is to be thanked."""
    ended: Counter[str] = Counter()
    credit: Counter[str] = Counter()
    for row in digests.count_ended(desk.tx, desk.scope, desk.span):
        ended[row.state] += row.count
        if row.state == DONE:
            credit[row.by_user] += row.count
    logged = digests.count_logged(desk.tx, desk.scope, desk.span)
    credit.update(logged)
    if desk.scope == Scope():
        for user, count in participation.count_contributions(
            desk.tx, desk.span.since, desk.span.now
        ):
            credit[user] += count
    for user in participation.members_without_thanks(desk.tx) & set(credit):
        del credit[user]
    called = readers.display_names(desk.tx, credit.keys())
    thanks = [(called[user], count) for user, count in credit.most_common() if user in called]
    return DoneWork(ended[DONE], ended[SKIPPED], sum(logged.values()), thanks)


def gather_teams(desk: DigestScope) -> list[told.DepartmentWeek]:
    """Each department's week, and the managers'."""
    rows = digests.counts_by_owner(desk.tx, desk.span, desk.playbook.without_manager)
    names = {key: department.name for key, department in desk.playbook.departments.items()}
    return [
        told.DepartmentWeek(name, rows[key].waiting, rows[key].claimed, rows[key].done)
        if key in rows
        else told.DepartmentWeek(name, 0, 0, 0)
        for key, name in {**names, MANAGER: "Account managers"}.items()
    ]


def gather_unsent(desk: DigestScope, lane: str | None) -> list[told.UnsentNudges]:
    """Nudges that did not arrive, in one channel or (None) anywhere."""
    rows = readers.list_unsent(desk.tx, desk.span.since, lane)
    called = readers.display_names(desk.tx, {row.lane for row in rows})
    return [
        told.UnsentNudges(called.get(row.lane) or _lane_label(row.lane), row.why, row.count)
        for row in rows
    ]


def _build_need(desk: DigestScope, row: Any, called: dict[str, str]) -> told.OpenTouchpoint:
    renews_in = (row.renews_on - desk.span.today).days if row.renews_on else None
    near = renews_in is not None and 0 <= renews_in <= _RENEWAL_RANGES[-1][1]
    snoozed = row.snoozed_until
    return told.OpenTouchpoint(
        id=row.id,
        account=row.account,
        title=row.title,
        owner=_owner_label(desk, row),
        state=row.state,
        by=called.get(row.by_user or "", "somebody"),
        due_at=row.due_at,
        overdue=desk.days_since(row.due_at),
        renews_in=renews_in if near else None,
        snoozed_until=snoozed if snoozed is not None and snoozed > desk.span.now else None,
        held_until=row.held_until if row.state == "planned" else None,
    )


def _owner_label(desk: DigestScope, row: Any) -> str:
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


def _renewal_writer(desk: DigestScope, rows: Sequence[Any]) -> Callable[[Any], told.RenewalNews]:
    """Looks up at once what is missing at the accounts that are shown."""
    ids = [row.id for row in rows]
    contact = digests.last_contact_dates(desk.tx, ids)
    overdue = digests.count_overdue(desk.tx, ids, desk.span)
    called = readers.display_names(desk.tx, {row.manager_id for row in rows if row.manager_id})
    today = desk.span.today

    def write(row: Any) -> told.RenewalNews:
        last = contact.get(row.id)
        return told.RenewalNews(
            account=row.name,
            on=row.renews_on,
            days=(row.renews_on - today).days,
            manager=called.get(row.manager_id, "a manager") if row.manager_id else None,
            silent=(today - last).days if last else None,
            overdue=overdue.get(row.id, 0),
        )

    return write


def _build_move(playbook: Playbook, row: Any, called: dict[str, str]) -> told.MoveNews:
    way = playbook.direction(row.from_stage, row.to_stage)
    return told.MoveNews(
        account=row.name,
        before=_stage_name(playbook, row.from_stage),
        after=_stage_name(playbook, row.to_stage),
        by=called.get(row.by_user or ""),
        reason=row.reason if way in ("back", "out") else None,
    )


def _stage_name(playbook: Playbook, key: str) -> str:
    stage = playbook.stage(key)
    return stage.name if stage else key


def _expected_days(playbook: Playbook, key: str) -> int:
    stage = playbook.stage(key)
    return (stage.expected_days if stage else None) or 0


def _is_within(ahead: timedelta, span: tuple[int, int]) -> bool:
    return span[0] <= ahead.days <= span[1]


def _lane_label(lane: str) -> str:
    return f"<#{lane}>" if lane.startswith(("C", "G")) else "somebody I do not know"
