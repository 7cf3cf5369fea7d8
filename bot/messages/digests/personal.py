"""A person's digest: their accounts, and what nobody took in the departments they lead."""

from __future__ import annotations

from collections.abc import Sequence
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
from bot.messages.kit.blocks import section
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, join_lines, more_line, short, unstyled
from bot.messages.touchpoints.lists import Row
from bot.rules.text.words import plural

MAX_AT_RISK = 3
MAX_NOT_KNOWN = 3
MAX_RENEWALS = 5
MAX_UNTAKEN = 5
_MAX_NAME_LENGTH = 60


def personal_digest(
    portfolio: Portfolio,
    done: Done,
    untaken: Sequence[Row],
    today: date,
    opens: str,
    covered: str = "",
) -> Message | None:
    """The digest as a section of the morning message, or as a message of its own; None where there
    is nothing to tell. `covered` is a colleague's for whom its reader covers."""
    if not portfolio and not done.count and not untaken:
        return None
    whose = f"{short(covered, _MAX_NAME_LENGTH)}'s" if covered else "Your"
    cover = ", while you cover" if covered else ""
    head = f"*{whose} digest, {day(today, today)}{cover}*"
    risks = risk_text(portfolio, MAX_AT_RISK) if portfolio else ""
    parts = [
        join_lines(head, risks),
        not_known_text(portfolio, MAX_NOT_KNOWN),
        _renewals(portfolio),
        _untaken(untaken),
        done_text(done),
    ]
    kept = [part for part in parts if part]
    counts = {
        **portfolio_counts(portfolio),
        "untaken": len(untaken),
        "done": done.count,
    }
    menu = rows_menu(opens, counts)
    blocks = (*map(section, kept), *([menu] if menu else []))
    return Message(unstyled(join_lines(*kept, menu_text(counts))), blocks)


def _renewals(portfolio: Portfolio) -> str:
    """The renewals that are not at risk: those are named already."""
    others = [row for row in portfolio.renewing if not row.risks]
    if not others:
        return ""
    rows = [f"• {renewal_text(row)}" for row in others[:MAX_RENEWALS]]
    head = f"*Not at risk: {plural(len(others), 'renewal')}* within 90 days"
    return join_lines(head, *rows, more_line(len(others) - len(rows)))


def _untaken(untaken: Sequence[Row]) -> str:
    if not untaken:
        return ""
    rows = [f"• {row.line(' · ')}" for row in untaken[:MAX_UNTAKEN]]
    head = f"*Unclaimed too long: {plural(len(untaken), 'touchpoint')}*"
    return join_lines(head, *rows, more_line(len(untaken) - len(rows)))
