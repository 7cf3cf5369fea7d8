"""Renewals on a Home: the date, the money, what is known against them, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, Option, OverflowMenuElement

from bot.messages.digests.rows import SHOW
from bot.messages.kit.blocks import actions, button, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, join_lines, join_words, plain, short
from bot.rules.text.money import Money, format_money
from bot.rules.text.words import cut, plural

_MAX_LABEL_LENGTH = 75
_MAX_REASONS = 3


@dataclass(frozen=True)
class RenewalRow:
    """An account with its renewal. `reasons` are known against it, `missing` is what is not
    recorded. `manager` is "you" for the reader, `link` opens a conversation with them."""

    id: int
    account: str
    renews_on: date | None
    today: date
    worth: Money | None = None
    manager: str = ""
    link: str = ""
    reasons: Sequence[str] = ()
    missing: str = ""
    is_later: bool = False
    has_brief: bool = False

    def line(self) -> str:
        """ "*Acme* · Fri 18 Dec (17 days) · EUR 9,600 · Sam Carter", and below it why."""
        name = f"*{'At risk later: ' if self.is_later else ''}{short(self.account)}*"
        parts = [name, self._when()]
        parts += [amount(self.worth)] if self.worth else []
        parts += [plain(self.manager)] if self.manager else []
        told = [*self.reasons[:_MAX_REASONS], self.missing]
        return join_lines(" · ".join(parts), " · ".join(filter(None, told)))

    def _when(self) -> str:
        if self.renews_on is None:
            return "renewal date not known"
        ahead = (self.renews_on - self.today).days
        left = plural(ahead, "day") if ahead else "today"
        return f"{day(self.renews_on, self.today)} ({left})"

    def menu(self) -> OverflowMenuElement:
        """What can be done about the account."""
        choices = [("card", "Open account")]
        choices += [("brief", "Open brief")] if self.has_brief else []
        options = [Option(value=f"{key}:{self.id}", label=label) for key, label in choices]
        if self.link:
            label = cut(f"Message {self.manager}", _MAX_LABEL_LENGTH)
            options.append(Option(value=f"message:{self.id}", label=label, url=self.link))
        options.append(Option(value=f"manager:{self.id}", label="Change manager…"))
        return OverflowMenuElement(action_id=f"account:menu:{self.id}", options=options)


def renewal_blocks(rows: Sequence[RenewalRow]) -> list[Block]:
    return [section(row.line(), row.menu()) for row in rows]


def show_all(total: int, shown: int, carried: str) -> list[Block]:
    """The button that shows what was cut of the rows behind a number."""
    if total <= shown:
        return []
    return [actions(button(f"Show all {total:,}", f"{SHOW}:all", carried))]


def amount(worth: Money) -> str:
    """ "EUR 9,600"."""
    return format_money(worth.hundredths, worth.currency or "").strip()


def sums_text(worths: Iterable[Money], main: str | None) -> str:
    """ "EUR 42,000 and GBP 3,000": nothing is added up across currencies, the main one is first."""
    sums: dict[str, int] = {}
    for worth in worths:
        code = worth.currency or ""
        sums[code] = sums.get(code, 0) + worth.hundredths
    codes = sorted(sums, key=lambda code: (code != main, code))
    return join_words([format_money(sums[code], code).strip() for code in codes])


def months_message(months: Mapping[date, Sequence[RenewalRow]], main: str | None) -> Message:
    """The renewals of the coming months: how many, the money, how many are at risk."""
    if not months:
        return text_message("No renewal date is known for the coming months.")
    lines = []
    for month, rows in months.items():
        at_risk = sum(bool(row.reasons) for row in rows)
        money = sums_text([row.worth for row in rows if row.worth], main)
        told = [plural(len(rows), "renewal"), f"{money} a year" if money else ""]
        told.append(f"*{at_risk} at risk*" if at_risk else "")
        lines.append(" · ".join([f"*{month:%b %Y}*", *filter(None, told)]))
    return text_message(join_lines("*Renewals by month*", *lines))
