"""A person's digest: their accounts, and what nobody took in the departments they lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.messages.digests.portfolio import (
    Portfolio,
    not_known_text,
    portfolio_counts,
    renewal_text,
    risk_text,
)
from bot.messages.digests.rows import menu_text, rows_menu
from bot.messages.digests.thanks import Done, done_text
from bot.messages.facts.standing import overdue_text
from bot.messages.kit.blocks import section
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, join_lines, more_line, short, unstyled
from bot.rules.text.words import plural

MAX_AT_RISK = 3
MAX_NOT_KNOWN = 3
MAX_RENEWALS = 5
MAX_UNTAKEN = 5
_MAX_NAME_LENGTH = 60


@dataclass(frozen=True)
class Untaken:
    """A touchpoint that nobody took in time; `department` owns it."""

    account: str
    title: str
    department: str
    overdue: int
    due_on: date


@dataclass(frozen=True)
class PersonalDigest:
    """Everything a person's digest tells; `whose` is a colleague's for whom its reader covers."""

    today: date
    opens: str  # what its menu carries
    portfolio: Portfolio
    done: Done
    untaken: Sequence[Untaken] = ()
    whose: str | None = None

    def __bool__(self) -> bool:
        return bool(self.portfolio or self.done.count or self.untaken)


def personal_digest(digest: PersonalDigest) -> Message:
    """The digest as a section of the morning message, or as a message of its own."""
    whose = f"{short(digest.whose, _MAX_NAME_LENGTH)}'s" if digest.whose else "Your"
    cover = ", while you cover" if digest.whose else ""
    head = f"*{whose} digest, {day(digest.today, digest.today)}{cover}*"
    portfolio = digest.portfolio
    risks = risk_text(portfolio, MAX_AT_RISK) if portfolio else ""
    parts = [
        join_lines(head, risks),
        not_known_text(portfolio, MAX_NOT_KNOWN),
        _renewals(portfolio),
        _untaken(digest),
        done_text(digest.done),
    ]
    kept = [part for part in parts if part]
    counts = {
        **portfolio_counts(portfolio),
        "untaken": len(digest.untaken),
        "done": digest.done.count,
    }
    menu = rows_menu(digest.opens, counts)
    blocks = (*map(section, kept), *([menu] if menu else []))
    return Message(unstyled(join_lines(*kept, menu_text(counts))), blocks)


def untaken_line(row: Untaken, today: date) -> str:
    """ "*Granite Peak* · Kick-off call · Operations · *6 days overdue*"."""
    late = overdue_text(row.overdue, row.due_on, today)
    names = (f"*{short(row.account, _MAX_NAME_LENGTH)}*", short(row.title), short(row.department))
    return " · ".join([*names, late])


def _renewals(portfolio: Portfolio) -> str:
    """The renewals that are not at risk: those are named already."""
    others = [row for row in portfolio.renewing if not row.risks]
    if not others:
        return ""
    rows = [f"• {renewal_text(row)}" for row in others[:MAX_RENEWALS]]
    head = f"*Not at risk: {plural(len(others), 'renewal')}* within 90 days"
    return join_lines(head, *rows, more_line(len(others) - len(rows)))


def _untaken(digest: PersonalDigest) -> str:
    if not digest.untaken:
        return ""
    rows = [f"• {untaken_line(row, digest.today)}" for row in digest.untaken[:MAX_UNTAKEN]]
    head = f"*Unclaimed too long: {plural(len(digest.untaken), 'touchpoint')}*"
    return join_lines(head, *rows, more_line(len(digest.untaken) - len(rows)))
