"""A lead's App Home: renewals at risk, not known enough, each manager, each tier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from slack_sdk.models.blocks import Block, InteractiveElement

from bot.messages.digests.portfolio import AccountRow, Portfolio
from bot.messages.home.home import (
    account_block,
    common_buttons,
    no_date_hint,
    show_all,
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
    """A manager's or a tier's part of the team's accounts: how many, and its portfolio."""

    name: str
    accounts: int
    part: Portfolio
    note: str = ""  # how a manager is getting on
    covers: int | None = None  # the id of a member for whom a cover can be set

    def block(self) -> Block:
        text = join_lines(self.words(), self.note)
        if self.covers is None:
            return section(text)
        cover = button("Set a cover…", "away:cover", str(self.covers))
        cover.accessibility_label = f"Set a cover for {self.name}"[:75]
        return section(text, cover)

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


def leader_buttons(own: int) -> list[Block]:
    """The buttons above everything else; `own` is how much is open for the lead."""
    return [actions(button(f"Show my work: {own:,}", "next:mine", "mine"), *common_buttons())]


def months_button() -> InteractiveElement:
    return button("Show renewals by month", "home:months", "months")


def manager_note(overdue: int, done: int, quiet: tuple[date, date] | None, today: date) -> str:
    """How a manager is getting on; `quiet` is since when nothing of theirs is recorded, and when
    they were asked about it."""
    told = f"{overdue:,} overdue" if overdue else "None overdue"
    if quiet is None:
        return f"{told} · {done or 'none'} done last week"
    since, asked_on = (day(each, today) for each in quiet)
    return f"{told} · nothing recorded since {since} (they were asked on {asked_on})"


def risk_blocks(portfolio: Portfolio, team: str, today: date, opens: str) -> list[Block]:
    """Which of the team's renewals are at risk, and why."""
    at_risk, later = portfolio.at_risk, portfolio.later
    money = sums_text([row.worth for row in at_risk], portfolio.currency)
    of = f"{len(at_risk) or 'none'} of {plural(len(portfolio.renewing), 'renewal')}"
    worth = sums_text([row.worth for row in portfolio.renewing], portfolio.currency)
    about = f"{plain(team)}, {day(today, today)} · renewals within 90 days"
    return [
        header(f"At risk: {of}" + (f", {money}" if money else "")),
        context(f"{about}: {worth} a year" if worth else about),
        *(account_block(row, row.risk_line()) for row in at_risk[:MAX_AT_RISK]),
        *show_all(len(at_risk), MAX_AT_RISK, f"risk|1|{opens}"),
        *(account_block(row, row.risk_line()) for row in later[:MAX_LATER]),
        *show_all(len(later), MAX_LATER, f"risk later|1|{opens}"),
    ]


def not_known_blocks(portfolio: Portfolio, opens: str) -> list[Block]:
    """Of which of them not enough is known."""
    found, total = portfolio.not_known, plural(len(portfolio.renewing), "renewal")
    return [
        divider(),
        header(f"Not known enough: {len(found) or 'none'} of {total}"),
        *(account_block(row, row.not_known_line()) for row in found[:MAX_NOT_KNOWN]),
        *show_all(len(found), MAX_NOT_KNOWN, f"unknown|1|{opens}"),
        *no_date_hint(portfolio),
    ]


def manager_blocks(managers: Sequence[Share]) -> list[Block]:
    rows = [each.block() for each in managers[:MAX_MANAGERS]]
    more = more_line(len(managers) - len(rows))
    return [divider(), header("By manager"), *rows, *([context(more)] if more else [])]


def tier_blocks(tiers: Sequence[Share]) -> list[Block]:
    if len(tiers) < 2:
        return []
    rows = [each.words() for each in tiers[:MAX_TIERS]]
    more = more_line(len(tiers) - len(rows))
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
