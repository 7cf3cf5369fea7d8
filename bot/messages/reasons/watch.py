"""Accounts at risk and accounts to watch, as digests and Home list them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.messages.kit.blocks import compose, context
from bot.messages.kit.message import Message
from bot.messages.kit.money import stake
from bot.messages.kit.text import day, join_lines, more_line, short
from bot.rules.text.money import Money
from bot.rules.text.words import plural

MAX_ROWS = 5
_MAX_NAME_LENGTH = 60
_DEFINITION = (
    "At risk: something is known against it. To watch: something began that counts in no list."
)


@dataclass(frozen=True)
class RiskyAccount:
    """An account and its `reasons` in words; `worth` is what renews on its date."""

    account: str
    renews_on: date | None
    worth: Money | None
    manager: str | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class WatchView:
    """The first of each list, and how many there are; `renewing` is of how many accounts that
    renew within 90 days those at risk are."""

    at_risk: tuple[RiskyAccount, ...] = ()
    at_risk_count: int = 0
    renewing: int = 0
    later: tuple[RiskyAccount, ...] = ()
    later_count: int = 0
    watched: tuple[RiskyAccount, ...] = ()
    watched_count: int = 0

    def __bool__(self) -> bool:
        return bool(self.at_risk_count or self.later_count or self.watched_count)


NOTHING_TO_WATCH = WatchView()


def watch_text(view: WatchView) -> str:
    """Who is at risk, then who is later, then who is to be watched; each with the reasons."""
    of = f" of {plural(view.renewing, 'renewal')} within 90 days"
    return join_lines(
        *_group(f"At risk: {view.at_risk_count:,}{of}", view.at_risk, view.at_risk_count),
        *_group(f"At risk later: {view.later_count:,}", view.later, view.later_count),
        *_group(f"To watch: {view.watched_count:,}", view.watched, view.watched_count),
    )


def watch_message(view: WatchView, *, own: bool) -> Message:
    """The answer to "which accounts are at risk?"."""
    none = f"None of {'your accounts' if own else 'the accounts'} is at risk."
    return compose(watch_text(view) or none, context(_DEFINITION))


def _group(title: str, rows: tuple[RiskyAccount, ...], count: int) -> list[str]:
    if not count:
        return []
    return [f"*{title}*", *map(risk_line, rows), more_line(count - len(rows))]


def risk_line(row: RiskyAccount) -> str:
    told = [f"renews {day(row.renews_on)}{stake(row.worth, ' · ')}"] if row.renews_on else []
    told += [short(row.manager, _MAX_NAME_LENGTH)] if row.manager else []
    head = " · ".join([f"*{short(row.account, _MAX_NAME_LENGTH)}*", *told])
    return f"• {head}: {' · '.join(row.reasons)}"
