"""Loads what a lead's App Home shows of the accounts of the people they lead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlmodel import col

from bot.actions.digests.portfolio import account_rows, gather_portfolio, list_renewing
from bot.actions.facts.days import day_of
from bot.actions.facts.days import today as today_of
from bot.actions.members.inactivity import INACTIVE_AFTER, list_asked
from bot.actions.reasons.reasons import list_watched
from bot.actions.touchpoints.routing import acting_lead
from bot.actions.work import Work
from bot.messages.digests.portfolio import Portfolio
from bot.messages.digests.rows import opens
from bot.messages.home import leader as messages
from bot.messages.home.home import Blocks
from bot.messages.home.leader import Share
from bot.messages.kit.message import Message
from bot.rules.digests import WEEK, reader_zone, week_began
from bot.rules.facts.live import exit_stages
from bot.rules.facts.standing import overdue_days
from bot.rules.playbook.playbook import MANAGER
from db.digests import readers
from db.home import lists
from db.members import members
from db.models import Account, Member
from db.workspace import departments

#: How many months ahead renewals are listed.
MONTHS = 6


@dataclass(frozen=True)
class Team:
    """The people whose accounts a lead looks at, and their accounts: (manager, tier, count)."""

    name: str
    users: tuple[str, ...]
    counts: Sequence[Any]

    @property
    def accounts(self) -> Any:
        """The condition of the accounts."""
        return col(Account.manager_id).in_(self.users)


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


def blocks(work: Work, person: Member, team: Team) -> Blocks:
    """What a lead's Home shows of the accounts of their team."""
    reader = person.user_id
    carried = opens(f"team:{reader}", work.now, work.now)
    portfolio = gather_portfolio(work, team.accounts, reader=reader, own_name="you")
    return [
        *messages.risk_blocks(portfolio, team.name, today_of(work), carried),
        *messages.not_known_blocks(portfolio, carried),
        *messages.manager_blocks(_managers(work, person, team, portfolio)),
        *messages.tier_blocks(_tiers(team, portfolio)),
    ]


def renewals_by_month(work: Work, person: Member) -> Message:
    """What renews in the coming months among the accounts of a lead's team, or the person's."""
    team = team_of(work, person) or Team("", (person.user_id,), ())
    today = today_of(work)
    last = today.replace(day=1) + relativedelta(months=MONTHS, days=-1)
    renewing = list_renewing(work, (last - today).days, team.accounts)
    rows = account_rows(work, renewing, list_watched(work, team.accounts), person.user_id)
    return messages.months_message(rows, work.playbook.value.currency)


def _managers(work: Work, person: Member, team: Team, portfolio: Portfolio) -> list[Share]:
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
    may_cover = acting_lead(work.tx, work.playbook, MANAGER) == person.user_id
    shares = []
    for user, count in accounts.items():
        since = quiet.get(user)
        note = messages.manager_note(overdue[user], done.get(user, 0), since, today_of(work))
        known = members.by_user_id(work.tx, user) if since and may_cover else None
        part = portfolio.part("manager_id", user)
        shares.append(Share(names.get(user, user), count, part, note, known.id if known else None))
    return sorted(
        shares,
        key=lambda each: (-len(each.part.at_risk), -len(each.part.not_known), each.name),
    )


def _quiet(work: Work, person: Member, users: Iterable[str]) -> dict[str, tuple[date, date]]:
    """Of whom nothing is recorded for long: since when, and when they were asked about it."""
    asked, local_day = list_asked(work), day_of(work)
    quiet = [user for user in users if user in asked and user != person.user_id]
    acts = lists.list_last_acts(work.tx, quiet) if quiet else {}
    return {
        user: (local_day(acts.get(user, work.now - INACTIVE_AFTER)), local_day(asked[user]))
        for user in quiet
    }


def _tiers(team: Team, portfolio: Portfolio) -> list[Share]:
    accounts: Counter[str | None] = Counter()
    for row in team.counts:
        accounts[row.tier] += row.count
    return [
        Share(f"Tier {tier}" if tier else "No tier", accounts[tier], portfolio.part("tier", tier))
        for tier in sorted(accounts, key=lambda tier: (tier is None, tier or ""))
    ]
