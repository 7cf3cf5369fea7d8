"""Gathers the facts of a digest, within one scope and span of days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bot.actions.facts.gap_lines import missing_names
from bot.actions.facts.renewal_dates import list_unknown_dates
from bot.actions.reasons.reasons import list_watched
from bot.actions.reasons.watch import build_view
from bot.actions.touchpoints import standing
from bot.actions.touchpoints.labels import owner_label, stage_name
from bot.actions.work import Work
from bot.messages.digests import facts as messages
from bot.messages.facts.known import MAX_UNKNOWN, unknown_dates_text
from bot.messages.reasons.watch import MAX_ROWS, WatchView
from bot.rules.facts.live import exit_stages, is_live
from bot.rules.playbook.playbook import MANAGER, Playbook
from db.contracts import contracts
from db.core.tx import Tx
from db.digests import digests, readers
from db.models import Account, Touchpoint
from db.participation import participation
from db.touchpoints.scope import DONE, SKIPPED, Scope, Span, is_account_in_scope

#: At most so many of each are named; the rest is counted.
MAX_NEEDS = 5
MAX_RENEWALS = 5
MAX_MOVES = 6
MAX_THANKED = 8

WEEK = timedelta(days=7)
_RENEWAL_RANGES = ((0, 30), (31, 60), (61, 90))


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

    def day(self, moment: datetime) -> date:
        """The date of a time where the reader is."""
        return moment.astimezone(self.zone).date()


class DoneWork(NamedTuple):
    """Counts of what was done; `thanks` are (name, how much), most first, without so many
    `others`."""

    done: int
    skipped: int
    logged: int
    noted: int
    thanks: list[tuple[str, int]]
    others: int


def span(now: datetime, zone: ZoneInfo, last_digest: datetime | None) -> Span:
    """A week back and a week on; further back, up to two weeks, to where the last digest ended.

    After a holiday a digest comes a day late, and that day must not fall between two.
    """
    since = now - WEEK
    if last_digest is not None:
        since = max(min(since, last_digest), now - 2 * WEEK)
    return Span(since, now, now + WEEK, now.astimezone(zone).date())


def gather_needs(within: DigestScope) -> list[messages.OpenTouchpoint]:
    """The most urgent of what is open or due."""
    exits = exit_stages(within.playbook)
    pairs = digests.list_most_urgent(within.tx, within.scope, within.span, exits, MAX_NEEDS)
    users = {user for t, _ in pairs for user in (t.by_user, t.person_id) if user}
    names = readers.display_names(within.tx, users)
    return [_build_need(within, *pair, names) for pair in pairs]


class Renewals(NamedTuple):
    """The renewals within 90 days, of which not enough is known, and whose date is not known."""

    renewals: list[messages.RenewalRange]
    not_known: list[tuple[str, str]]
    not_known_count: int
    unknown_dates: str
    unknown_dates_count: int


def gather_renewals(within: DigestScope) -> Renewals:
    """The renewals within 90 days, the soonest first."""
    today, rows = within.span.today, renewal_rows(within)
    groups = [
        [row for row in rows if first <= (row.renews_on - today).days <= last]
        for first, last in _RENEWAL_RANGES
    ]
    news = renewal_news(within, [row for group in groups for row in group[:MAX_RENEWALS]])
    ranges = []
    for (first, last), group in zip(_RENEWAL_RANGES, groups, strict=True):
        soonest = [news[row.id] for row in group[:MAX_RENEWALS]]
        ranges.append(messages.RenewalRange(first, last, len(group), soonest))
    not_known = list_not_known(within, rows)
    unknown = list_unknown_dates(within.work, MAX_UNKNOWN, accounts_of(within))
    return Renewals(
        ranges,
        not_known[:MAX_RENEWALS],
        len(not_known),
        unknown_dates_text([row.name for row in unknown], unknown[0].total) if unknown else "",
        unknown[0].total if unknown else 0,
    )


def accounts_of(within: DigestScope) -> Any:
    """The condition of the accounts that a digest covers."""
    return is_account_in_scope(within.scope, within.span)


def renewal_rows(within: DigestScope) -> list[Any]:
    """The accounts that renew within 90 days, the soonest first."""
    today, exits = within.span.today, exit_stages(within.playbook)
    until = today + timedelta(days=_RENEWAL_RANGES[-1][1])
    return digests.list_renewals(within.tx, within.scope, within.span, today, until, exits)


def list_not_known(within: DigestScope, renewing: Sequence[Any]) -> list[tuple[str, str]]:
    """(account, what is missing) of those of which not enough is known."""
    missing = missing_names(within.work, renewing)
    return [(row.name, missing[row.id]) for row in renewing if row.id in missing]


def gather_watch(within: DigestScope, most: int = MAX_ROWS) -> WatchView:
    """The accounts at risk, and those to be watched."""
    scope = within.scope
    return build_view(
        within.work,
        list_watched(within.work, accounts_of(within)),
        within.span.today,
        reader=scope.manager,
        department=scope.department,
        most=most,
    )


def gather_moves(within: DigestScope, most: int = MAX_MOVES) -> tuple[int, list[messages.MoveNews]]:
    """How many moves people made, and the newest."""
    rows = digests.list_moves(within.tx, within.scope, within.span)
    newest = rows[:most]
    names = readers.display_names(within.tx, {row.by_user for row in newest if row.by_user})
    return len(rows), [_build_move(within.playbook, row, names) for row in newest]


def gather_done(within: DigestScope) -> DoneWork:
    """What was done, skipped and logged, and who is to be thanked."""
    ended: Counter[str] = Counter()
    credit: Counter[str] = Counter()
    for row in digests.count_ended(within.tx, within.scope, within.span):
        ended[row.state] += row.count
        if row.state == DONE:
            credit[row.by_user] += row.count
    logged = digests.count_logged(within.tx, within.scope, within.span)
    credit.update(logged)
    noted: Counter[str] = Counter()
    if within.scope == Scope():
        since, now = within.span.since, within.span.now
        for user, count in participation.count_contributions(within.tx, since, now):
            noted[user] += count
    credit.update(noted)
    unnamed = participation.members_without_thanks(within.tx)
    names = readers.display_names(within.tx, credit.keys() - unnamed)
    thanks = [(names[user], count) for user, count in credit.most_common() if user in names]
    thanks = thanks[:MAX_THANKED]
    return DoneWork(
        ended[DONE],
        ended[SKIPPED],
        sum(logged.values()),
        noted.total(),
        thanks,
        len(credit) - len(thanks),
    )


def gather_teams(within: DigestScope, open_work: Sequence[Any]) -> list[messages.DepartmentWeek]:
    """Each department's week, and the managers'; `open_work` are the counts by owner."""
    done = digests.count_done_by_owner(within.tx, within.span, within.playbook.without_manager)
    names = {key: department.name for key, department in within.playbook.departments.items()}
    teams = []
    for key, name in {**names, MANAGER: "Account managers"}.items():
        counts = standing.add_up(within.work, [row for row in open_work if row.whose == key])
        teams.append(messages.DepartmentWeek(key, name, counts, done.get(key, 0)))
    return teams


def gather_unsent(within: DigestScope, lane: str | None) -> list[messages.UnsentNudges]:
    """Nudges that did not arrive, in one channel or (None) anywhere."""
    rows = readers.list_unsent(within.tx, within.span.since, lane)
    names = readers.display_names(within.tx, {row.lane for row in rows})
    return [
        messages.UnsentNudges(names.get(row.lane) or _lane_label(row.lane), row.why, row.count)
        for row in rows
    ]


def _build_need(
    within: DigestScope, t: Touchpoint, account: Account, names: dict[str, str]
) -> messages.OpenTouchpoint:
    renews_in = (account.renews_on - within.span.today).days if account.renews_on else -1
    near = 0 <= renews_in <= _RENEWAL_RANGES[-1][1] and is_live(within.playbook, account)
    has = f"{names.get(t.by_user or '', 'somebody')} has it"
    return messages.OpenTouchpoint(
        id=t.id,
        account=account.name,
        title=t.title,
        owner=_owner_label(within, t, account, names),
        state=t.state,
        standing=standing.standing_of(within.playbook, t, account, within.span.now, has),
        renews_in=renews_in if near else None,
    )


def _owner_label(
    within: DigestScope, t: Touchpoint, account: Account, names: dict[str, str]
) -> str:
    """Who owns a touchpoint; empty where it is the reader."""
    if t.person_id is not None and t.person_id != within.scope.manager:
        return names.get(t.person_id, "somebody")
    if within.scope.department is not None:
        return "the account has no manager" if t.owner == MANAGER else ""
    if t.owner != MANAGER:
        return owner_label(within.playbook, t.owner, None)
    if within.scope.manager is not None:
        return ""
    stand_in = within.playbook.departments[within.playbook.without_manager].name
    return "the account's manager" if account.manager_id else f"{stand_in}, for want of a manager"


def renewal_news(within: DigestScope, rows: Sequence[Any]) -> dict[int, messages.RenewalNews]:
    """Account id -> its renewal, and what is missing there."""
    ids, today = [row.id for row in rows], within.span.today
    overdue = standing.count_overdue(within.work, ids)
    names = readers.display_names(within.tx, {row.manager_id for row in rows if row.manager_id})
    stakes = contracts.stakes(within.tx, rows, within.playbook.value.currency)
    return {
        row.id: messages.RenewalNews(
            account=row.name,
            on=row.renews_on,
            days=(row.renews_on - today).days,
            manager=names.get(row.manager_id, "a manager") if row.manager_id else None,
            overdue=overdue.get(row.id, 0),
            worth=stakes.get(row.id),
        )
        for row in rows
    }


def _build_move(playbook: Playbook, row: Any, names: dict[str, str]) -> messages.MoveNews:
    way = playbook.direction(row.from_stage, row.to_stage)
    return messages.MoveNews(
        account=row.name,
        before=stage_name(playbook, row.from_stage),
        after=stage_name(playbook, row.to_stage),
        by=names.get(row.by_user or ""),
        reason=row.reason if way in ("back", "out") else None,
    )


def _lane_label(lane: str) -> str:
    return f"<#{lane}>" if lane.startswith(("C", "G")) else "somebody I do not know"
