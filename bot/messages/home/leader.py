"""A lead's App Home: which of the team's renewals are at risk and why, of which not enough is
known, each manager, each tier, and what nobody of the department has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from slack_sdk.models.blocks import Block

from bot.messages.digests.portfolio import AccountRow, Portfolio
from bot.messages.home.accounts import account_block, no_date_hint, show_all
from bot.messages.home.home import (
    Top,
    Unclaimed,
    common_buttons,
    home_payload,
    top_blocks,
    unclaimed_blocks,
)
from bot.messages.kit.blocks import (
    actions,
    button,
    context,
    divider,
    header,
    section,
    text_message,
)
from bot.messages.kit.message import Message
from bot.messages.kit.money import sums_text
from bot.messages.kit.text import day, join_lines, more_line, plain, short
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
    """A part of the team's accounts, a manager's or a tier's: how many there are, and those of them
    that a portfolio tells of."""

    name: str
    accounts: int
    part: Portfolio

    def words(self) -> str:
        """ "*Tom Okafor* · 13 accounts · 2 renewals · *1 at risk* (EUR 24,000)"."""
        part, at_risk = self.part, self.part.at_risk
        money = sums_text([row.worth for row in at_risk], part.currency)
        told = [f"*{short(self.name)}*", plural(self.accounts, "account")]
        told.append(plural(len(part.renewing), "renewal"))
        risk = f"*{len(at_risk):,} at risk*" + (f" ({money})" if money else "")
        told.append(risk if at_risk else "none at risk")
        told += [f"{len(part.later):,} at risk later"] if part.later else []
        told += [f"{len(part.not_known):,} not known enough"] if part.not_known else []
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

    def block(self, today: date) -> Block:
        told = [f"{self.overdue:,} overdue" if self.overdue else "None overdue"]
        if self.quiet_since is not None and self.asked_on is not None:
            asked = f"they were asked on {day(self.asked_on, today)}"
            told.append(f"nothing recorded since {day(self.quiet_since, today)} ({asked})")
        else:
            told.append(f"{self.done or 'none'} done last week")
        text = join_lines(self.share.words(), " · ".join(told))
        if self.member_id is None:
            return section(text)
        cover = button("Set a cover…", "away:cover", str(self.member_id))
        cover.accessibility_label = f"Set a cover for {self.share.name}"[:75]
        return section(text, cover)


@dataclass(frozen=True)
class LeaderHome:
    """All that a lead's Home shows; `opens` is what the buttons of numbers carry."""

    top: Top
    team: str
    today: date
    own_count: int
    portfolio: Portfolio
    managers: Sequence[ManagerShare]
    tiers: Sequence[Share]
    unclaimed: Unclaimed | None
    opens: str


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
    portfolio, at_risk, later = home.portfolio, home.portfolio.at_risk, home.portfolio.later
    money = sums_text([row.worth for row in at_risk], portfolio.currency)
    of = f"{len(at_risk) or 'none'} of {plural(len(portfolio.renewing), 'renewal')}"
    worth = sums_text([row.worth for row in portfolio.renewing], portfolio.currency)
    about = f"{plain(home.team)}, {day(home.today, home.today)} · renewals within 90 days"
    return [
        header(f"At risk: {of}" + (f", {money}" if money else "")),
        context(f"{about}: {worth} a year" if worth else about),
        *(account_block(row, row.risk_line()) for row in at_risk[:MAX_AT_RISK]),
        *show_all(len(at_risk), MAX_AT_RISK, f"risk|1|{home.opens}"),
        *(account_block(row, row.risk_line()) for row in later[:MAX_LATER]),
        *show_all(len(later), MAX_LATER, f"risk later|1|{home.opens}"),
    ]


def _not_known_blocks(home: LeaderHome) -> list[Block]:
    found, total = home.portfolio.not_known, plural(len(home.portfolio.renewing), "renewal")
    return [
        divider(),
        header(f"Not known enough: {len(found) or 'none'} of {total}"),
        *(account_block(row, row.not_known_line()) for row in found[:MAX_NOT_KNOWN]),
        *show_all(len(found), MAX_NOT_KNOWN, f"unknown|1|{home.opens}"),
        *no_date_hint(home.portfolio),
    ]


def _manager_blocks(home: LeaderHome) -> list[Block]:
    rows = [each.block(home.today) for each in home.managers[:MAX_MANAGERS]]
    more = more_line(len(home.managers) - len(rows))
    return [divider(), header("By manager"), *rows, *([context(more)] if more else [])]


def _tier_blocks(home: LeaderHome) -> list[Block]:
    if len(home.tiers) < 2:
        return []
    rows = [each.words() for each in home.tiers[:MAX_TIERS]]
    more = more_line(len(home.tiers) - len(rows))
    return [divider(), header("By tier"), section(join_lines(*rows, more))]


def months_message(rows: Sequence[AccountRow], main: str | None) -> Message:
    """The renewals of the coming months: how many, the money, how many are at risk."""
    if not rows:
        return text_message("No renewal date is known for the coming months.")
    lines = []
    for month, some in groupby(rows, key=lambda row: f"{row.renews_on:%b %Y}"):
        found = [*some]
        at_risk = sum(bool(row.risks) for row in found)
        money = sums_text([row.worth for row in found], main)
        told = [plural(len(found), "renewal"), f"{money} a year" if money else ""]
        told.append(f"*{at_risk} at risk*" if at_risk else "")
        lines.append(" · ".join([f"*{month}*", *filter(None, told)]))
    return text_message(join_lines("*Renewals by month*", *lines))
