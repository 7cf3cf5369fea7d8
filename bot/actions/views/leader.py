"""Loads what a lead's App Home shows of the accounts of the people they lead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlmodel import col

from bot.actions.facts.days import day_of
from bot.actions.facts.days import today as today_of
from bot.actions.facts.gap_lines import not_recorded
from bot.actions.facts.renewal_dates import unknown_dates
from bot.actions.members.inactivity import INACTIVE_AFTER, list_asked
from bot.actions.reasons.reasons import Watch, list_watched
from bot.actions.touchpoints.routing import acting_lead
from bot.actions.views.renewals import DAYS_AHEAD, renewal_rows
from bot.actions.work import Work
from bot.messages.digests.rows import opens
from bot.messages.home import leader as messages
from bot.messages.home.home import Top, Unclaimed
from bot.messages.home.leader import ManagerShare, Share
from bot.messages.home.renewals import RenewalRow, months_message
from bot.messages.kit.message import Message
from bot.rules.digests import WEEK, reader_zone, week_began
from bot.rules.facts.live import exit_stages
from bot.rules.facts.standing import overdue_days
from bot.rules.playbook.playbook import MANAGER
from bot.rules.text.money import Money
from db.contracts import contracts
from db.digests import readers
from db.home import lists
from db.members import members
from db.models import Account, Member
from db.workspace import departments

MAX_UNCLAIMED = messages.MAX_UNCLAIMED
#: How many months ahead renewals are listed.
MONTHS = 6


@dataclass(frozen=True)
class Team:
    """The people whose accounts a lead looks at, and their accounts: (manager, tier, count)."""

    name: str
    users: tuple[str, ...]
    counts: Sequence[Any]


def team_of(work: Work, person: Member) -> Team | None:
    """The team that a person leads; None without one, or when nobody in it manages accounts."""
    led = departments.led_by(work.tx, work.playbook, person)
    if not led:
        return None
    users = tuple(sorted({person.user_id, *lists.list_team(work.tx, led)}))
    counts = lists.count_accounts(work.tx, users, exit_stages(work.playbook))
    if not counts:
        return None
    names = [work.playbook.departments[key].name for key in led]
    return Team(f"{' and '.join(names)} team", users, counts)


def load(
    work: Work, person: Member, team: Team, top: Top, own: int, unclaimed: Unclaimed | None
) -> messages.LeaderHome:
    """All that a lead's Home shows; `own` is how much is open for themselves."""
    theirs, currency = col(Account.manager_id).in_(team.users), work.playbook.value.currency
    watch, renewing = list_watched(work, theirs), _renewing(work, team, DAYS_AHEAD)
    later = [each.account for each in watch.later]
    stakes = contracts.stakes(work.tx, [*renewing, *later[: messages.MAX_LATER]], currency)
    facts = _Facts(watch, renewing, not_recorded(work, renewing), stakes)
    at_risk = [each.account for each in watch.at_risk]
    at_risk_rows, later_rows, not_known_rows = _rows(work, person, facts)
    return messages.LeaderHome(
        top=top,
        team=team.name,
        today=today_of(work),
        currency=currency,
        own_count=own,
        renewals=[stakes.get(each.id) for each in renewing],
        at_risk_worths=[stakes.get(each.id) for each in at_risk],
        at_risk=at_risk_rows,
        later=later_rows,
        later_count=len(later),
        not_known=not_known_rows,
        not_known_count=len(facts.missing),
        managers=_managers(work, person, team, facts),
        tiers=_tiers(team, facts),
        unclaimed=unclaimed,
        opens=opens(f"team:{person.user_id}", work.now, work.now),
        unknown_dates=unknown_dates(work, theirs),
    )


def _rows(work: Work, person: Member, facts: _Facts) -> tuple[list[RenewalRow], ...]:
    """The first accounts at risk, at risk later, and of which not enough is known."""
    shown = (
        [each.account for each in facts.watch.at_risk[: messages.MAX_AT_RISK]],
        [each.account for each in facts.watch.later[: messages.MAX_LATER]],
        facts.not_known[: messages.MAX_NOT_KNOWN],
    )
    accounts = {each.id: each for some in shown for each in some}
    rows = renewal_rows(
        work,
        [*accounts.values()],
        person.user_id,
        facts.stakes,
        watch=facts.watch,
        missing=facts.missing,
        names_managers=True,
    )
    by_id = {row.id: row for row in rows}
    at_risk, later, not_known = ([by_id[each.id] for each in some] for some in shown)
    return (
        [replace(row, missing="") for row in at_risk],
        [replace(row, missing="") for row in later],
        [replace(row, reasons=()) for row in not_known],
    )


def renewals_by_month(work: Work, person: Member) -> Message:
    """What renews in the coming months among the accounts of a lead's team, or the person's."""
    team = team_of(work, person) or Team("", (person.user_id,), ())
    today = today_of(work)
    last = today.replace(day=1) + relativedelta(months=MONTHS, days=-1)
    renewing = _renewing(work, team, (last - today).days)
    watch = list_watched(work, col(Account.manager_id).in_(team.users))
    currency = work.playbook.value.currency
    stakes = contracts.stakes(work.tx, renewing, currency)
    shown = renewal_rows(work, renewing, person.user_id, stakes, watch=watch)
    months: dict[date, list[Any]] = {}
    for row in shown:
        if row.renews_on is not None:
            months.setdefault(row.renews_on.replace(day=1), []).append(row)
    return months_message(months, currency)


@dataclass(frozen=True)
class _Facts:
    """What is known of a team's renewals within 90 days, and of the accounts at risk."""

    watch: Watch
    renewing: Sequence[Any]
    missing: dict[int, str]
    stakes: dict[int, Money]

    @property
    def not_known(self) -> list[Any]:
        """The renewing accounts of which not enough is known."""
        return [each for each in self.renewing if each.id in self.missing]

    def share(self, name: str, accounts: int, field: str, value: str | None) -> Share:
        """The part of the accounts with that value in that field."""

        def is_part(account: Any) -> bool:
            return bool(getattr(account, field) == value)

        return Share(
            name=name,
            accounts=accounts,
            renewals=sum(map(is_part, self.renewing)),
            at_risk=[
                self.stakes.get(each.account.id)
                for each in self.watch.at_risk
                if is_part(each.account)
            ],
            later=sum(is_part(each.account) for each in self.watch.later),
            not_known=sum(map(is_part, self.not_known)),
        )


def _renewing(work: Work, team: Team, days: int) -> list[Any]:
    today, theirs = today_of(work), col(Account.manager_id).in_(team.users)
    last = today + timedelta(days=days)
    return lists.list_renewals(work.tx, theirs, today, last, exit_stages(work.playbook))


def _managers(work: Work, person: Member, team: Team, facts: _Facts) -> list[ManagerShare]:
    """Each manager's part, those with most at risk first."""
    accounts: Counter[str] = Counter()
    for row in team.counts:
        accounts[row.manager_id] += row.count
    names = readers.display_names(work.tx, accounts.keys())
    until = week_began(work.now, reader_zone(person.tz, work.playbook))
    done = lists.count_done(work.tx, team.users, until - WEEK, until)
    overdue = Counter(
        row.manager_id
        for row in lists.list_open_of_managers(work.tx, team.users)
        if overdue_days(work.playbook, row, work.now)
    )
    quiet = _quiet(work, person, accounts.keys())
    shares = [
        ManagerShare(
            facts.share(names.get(user, user), count, "manager_id", user),
            overdue[user],
            done.get(user, 0),
            *quiet.get(user, ()),
        )
        for user, count in accounts.items()
    ]
    return sorted(
        shares,
        key=lambda each: (-len(each.share.at_risk), -each.share.not_known, each.share.name),
    )


def _quiet(
    work: Work, person: Member, users: Iterable[str]
) -> dict[str, tuple[date, date, int | None]]:
    """Of whom nothing is recorded for long: since when, when they were asked about it, and whose
    cover the reader may set."""
    asked = list_asked(work)
    quiet = [user for user in users if user in asked and user != person.user_id]
    if not quiet:
        return {}
    acts, local_day = lists.list_last_acts(work.tx, quiet), day_of(work)
    may_cover = acting_lead(work.tx, work.playbook, MANAGER) == person.user_id
    found = {}
    for user in quiet:
        since = local_day(acts.get(user, work.now - INACTIVE_AFTER))
        known = members.by_user_id(work.tx, user) if may_cover else None
        found[user] = (since, local_day(asked[user]), known.id if known else None)
    return found


def _tiers(team: Team, facts: _Facts) -> list[Share]:
    accounts: Counter[str | None] = Counter()
    for row in team.counts:
        accounts[row.tier] += row.count
    return [
        facts.share(f"Tier {tier}" if tier else "No tier", accounts[tier], "tier", tier)
        for tier in sorted(accounts, key=lambda tier: (tier is None, tier or ""))
    ]
