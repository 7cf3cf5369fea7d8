"""What a playbook would send for given accounts in given weeks. Nothing is sent or written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.actions.touchpoints.planning import (
    AccountFacts,
    account_facts,
    next_occurrence,
    planned_rows,
)
from bot.rules.contact_limits import WEEK
from bot.rules.playbook.playbook import MANAGER, Play, Playbook
from db.accounts import accounts
from db.core.tx import Tx
from db.terms import terms


@dataclass(frozen=True)
class SimulatedAccount:
    """An account as the simulation sees it."""

    name: str
    manager: str | None
    facts: AccountFacts


@dataclass(frozen=True)
class SimulatedNudge:
    """One nudge that would be sent; `to` is a department's key, or a manager's Slack id."""

    at: datetime
    customer: str
    to: str
    play: Play


@dataclass(frozen=True)
class SimulationResult:
    """`nudges` in their order, the Mondays of the `weeks`, and the limits that would be exceeded:
    (who, which limit, the most there was, how often)."""

    nudges: Sequence[SimulatedNudge]
    weeks: Sequence[date]
    over: Sequence[tuple[str, str, int, int]]

    def by_week(self, playbook: Playbook) -> Mapping[str, Counter[date]]:
        """How many nudges each department, and the managers together, get in each week."""
        owners = (*playbook.departments, MANAGER)
        counts: dict[str, Counter[date]] = {key: Counter() for key in owners}
        for nudge in self.nudges:
            owner = nudge.to if nudge.to in playbook.departments else MANAGER
            counts[owner][monday_of(nudge.at.date())] += 1
        return counts


def simulate(
    playbook: Playbook, customers: Iterable[SimulatedAccount], first: datetime, weeks: int
) -> SimulationResult:
    """The nudges of `weeks` weeks from `first`, planned as in real use.

    Accounts stay in their stage with their renewal date, and whatever is asked is answered in time:
    recurring plays come again. What would have been due before `first` is left out.
    """
    end = first + timedelta(weeks=weeks)
    nudges = sorted(
        (nudge for each in customers for nudge in _nudges_for(playbook, each, first, end)),
        key=lambda nudge: (nudge.at, nudge.customer, nudge.play.key),
    )
    start = monday_of(first.date())
    mondays = [start + timedelta(weeks=n) for n in range(weeks + (first.date() != start))]
    return SimulationResult(nudges, mondays, _limits_exceeded(playbook, nudges))


def list_simulated(tx: Tx) -> list[SimulatedAccount]:
    """The live accounts of the database as the simulation sees them."""
    live = accounts.list_live(tx)
    open_terms = terms.open_terms(tx, [account.id for account in live])
    return [
        SimulatedAccount(each.name, each.manager_id, account_facts(each, open_terms.get(each.id)))
        for each in live
    ]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _nudges_for(
    playbook: Playbook, customer: SimulatedAccount, first: datetime, end: datetime
) -> Iterator[SimulatedNudge]:
    facts = customer.facts
    begun = facts.entered_at < first
    at = first if begun else facts.entered_at
    for row in planned_rows(playbook, facts, at, importing=begun):
        play = playbook.play(row["stage"], row["play"])
        assert play is not None
        to = play.owner
        if to == MANAGER:
            to = customer.manager or playbook.without_manager
        for due_at in _due_times(playbook, play, facts, row, end):
            if first <= due_at < end:
                yield SimulatedNudge(due_at, customer.name, to, play)


def _due_times(
    playbook: Playbook, play: Play, facts: AccountFacts, row: dict[str, Any], end: datetime
) -> Iterator[datetime]:
    """When the planned row is due, and each later occurrence of its play."""
    following: tuple[int, datetime] | None = (row["occurrence"], row["due_at"])
    while following is not None and following[1] < end:
        occurrence, at = following
        yield at
        after = 0 if play.due.of_term else occurrence
        following = next_occurrence(playbook, play, facts, at, after)


def _limits_exceeded(
    playbook: Playbook, nudges: Sequence[SimulatedNudge]
) -> list[tuple[str, str, int, int]]:
    """Who would be over a limit of the playbook, the worst first."""
    limits = playbook.attention
    asked: dict[str, list[datetime]] = defaultdict(list)
    days: dict[str, Counter[date]] = defaultdict(Counter)
    for nudge in nudges:
        if nudge.play.contacts_customer:
            asked[nudge.customer].append(nudge.at)
        days[nudge.to][nudge.at.date()] += 1
    rows = []
    for customer, times in asked.items():
        in_a_week = [sum(at - WEEK < other <= at for other in times) for at in times]
        rows.append((customer, "customer a week", in_a_week, limits.customer_a_week))
    for to, counts in days.items():
        what, limit = "person a day", limits.person_a_day
        if to in playbook.departments:
            what, limit = "channel a day", limits.channel_a_day
        rows.append((to, what, list(counts.values()), limit))
    over = [
        (who, what, max(counts), sum(count > limit for count in counts))
        for who, what, counts, limit in rows
        if max(counts) > limit
    ]
    return sorted(over, key=lambda row: (-row[2], -row[3], row[0]))
