"""A lead's App Home: which of the team's renewals are at risk and why, of which not enough is
known, each manager, each tier, and what nobody of the department has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block

from bot.messages.home.home import (
    Top,
    Unclaimed,
    common_buttons,
    home_payload,
    top_blocks,
    unclaimed_blocks,
)
from bot.messages.home.renewals import RenewalRow, renewal_blocks, show_all, sums_text
from bot.messages.kit.blocks import actions, button, context, divider, header, section
from bot.messages.kit.text import day, join_lines, more_line, plain, short
from bot.rules.text.money import Money
from bot.rules.text.words import plural

# So many of each list are shown.
MAX_AT_RISK = 6
MAX_LATER = 3
MAX_NOT_KNOWN = 6
MAX_MANAGERS = 10
MAX_TIERS = 6
MAX_UNCLAIMED = 3


@dataclass(frozen=True)
class Share:
    """A part of the team's accounts: a manager's, or a tier's."""

    name: str
    accounts: int
    renewals: int
    at_risk: Sequence[Money | None] = ()  # what renews, of each account at risk
    later: int = 0
    not_known: int = 0

    def words(self, currency: str | None) -> str:
        """ "*Tom Okafor* · 13 accounts · 2 renewals · *1 at risk* (EUR 24,000)"."""
        money = sums_text([worth for worth in self.at_risk if worth], currency)
        told = [f"*{short(self.name)}*", plural(self.accounts, "account")]
        told.append(plural(self.renewals, "renewal"))
        risk = f"*{len(self.at_risk):,} at risk*" + (f" ({money})" if money else "")
        told.append(risk if self.at_risk else "none at risk")
        told += [f"{self.later:,} at risk later"] if self.later else []
        told += [f"{self.not_known:,} not known enough"] if self.not_known else []
        return " · ".join(told)


@dataclass(frozen=True)
class ManagerShare:
    """A manager's part, and how they are getting on.

    `quiet_since` is since when nothing of theirs is recorded, if they were asked about it, and
    `asked_on` since when they know; `member_id` is theirs, where a cover can be set for them.
    """

    share: Share
    overdue: int = 0
    done: int = 0
    quiet_since: date | None = None
    asked_on: date | None = None
    member_id: int | None = None

    def block(self, today: date, currency: str | None) -> Block:
        told = [f"{self.overdue:,} overdue" if self.overdue else "None overdue"]
        if self.quiet_since is not None and self.asked_on is not None:
            asked = f"they were asked on {day(self.asked_on, today)}"
            told.append(f"nothing recorded since {day(self.quiet_since, today)} ({asked})")
        else:
            told.append(f"{self.done or 'none'} done last week")
        text = join_lines(self.share.words(currency), " · ".join(told))
        if self.member_id is None:
            return section(text)
        cover = button("Set a cover…", "away:cover", str(self.member_id))
        cover.accessibility_label = f"Set a cover for {self.share.name}"[:75]
        return section(text, cover)


@dataclass(frozen=True)
class LeaderHome:
    """All that a lead's Home shows; `renewals` are what renews of each account within 90 days,
    `at_risk_worths` of those at risk. `opens` is what the buttons of numbers carry."""

    top: Top
    team: str
    today: date
    currency: str | None
    own_count: int
    renewals: Sequence[Money | None]
    at_risk_worths: Sequence[Money | None]
    at_risk: Sequence[RenewalRow]
    later: Sequence[RenewalRow]
    later_count: int
    not_known: Sequence[RenewalRow]
    not_known_count: int
    managers: Sequence[ManagerShare]
    tiers: Sequence[Share]
    unclaimed: Unclaimed | None
    opens: str
    unknown_dates: str = ""


def leader_view(home: LeaderHome) -> dict[str, Any]:
    """The Home as views.publish takes it."""
    mine = button(f"Show my work: {home.own_count:,}", "next:mine", "mine")
    months = button("Show renewals by month", "home:months", "months")
    parts = (
        [actions(mine, *common_buttons())],
        top_blocks(home.top),
        _risk_blocks(home),
        _not_known_blocks(home),
        _manager_blocks(home),
        _tier_blocks(home),
        unclaimed_blocks(home.unclaimed, months),
    )
    return home_payload([block for part in parts for block in part])


def _risk_blocks(home: LeaderHome) -> list[Block]:
    total, count = len(home.renewals), len(home.at_risk_worths)
    money = sums_text([worth for worth in home.at_risk_worths if worth], home.currency)
    of = f"{f'{count:,}' if count else 'none'} of {plural(total, 'renewal')}"
    worth = sums_text([worth for worth in home.renewals if worth], home.currency)
    about = f"{plain(home.team)}, {day(home.today, home.today)} · renewals within 90 days"
    return [
        header(f"At risk: {of}" + (f", {money}" if money else "")),
        context(f"{about}: {worth} a year" if worth else about),
        *renewal_blocks(home.at_risk),
        *show_all(count, len(home.at_risk), f"risk|1|{home.opens}"),
        *renewal_blocks(home.later),
        *show_all(home.later_count, len(home.later), f"risk later|1|{home.opens}"),
    ]


def _not_known_blocks(home: LeaderHome) -> list[Block]:
    of = f"{home.not_known_count or 'none'} of {plural(len(home.renewals), 'renewal')}"
    hint = [context(home.unknown_dates)] if home.unknown_dates else []
    return [
        divider(),
        header(f"Not known enough: {of}"),
        *renewal_blocks(home.not_known),
        *show_all(home.not_known_count, len(home.not_known), f"unknown|1|{home.opens}"),
        *hint,
    ]


def _manager_blocks(home: LeaderHome) -> list[Block]:
    rows = [each.block(home.today, home.currency) for each in home.managers[:MAX_MANAGERS]]
    more = more_line(len(home.managers) - len(rows))
    return [divider(), header("By manager"), *rows, *([context(more)] if more else [])]


def _tier_blocks(home: LeaderHome) -> list[Block]:
    if len(home.tiers) < 2:
        return []
    rows = [each.words(home.currency) for each in home.tiers[:MAX_TIERS]]
    more = more_line(len(home.tiers) - len(rows))
    return [divider(), header("By tier"), section(join_lines(*rows, more))]
