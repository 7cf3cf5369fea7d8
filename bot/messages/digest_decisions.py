"""The part of the weekly digest about what customers decided."""

from __future__ import annotations

from bot.messages.digest_facts import Decided, Digest
from bot.messages.digest_lines import day, name


def decisions(facts: Digest) -> str:
    """What customers decided, newest first; empty when nobody did."""
    if not facts.decisions:
        return ""
    title = f"*Decided by customers* · {facts.decisions_count:,} since {day(facts.since)}"
    rows = [_row(row) for row in facts.decisions]
    more = facts.decisions_count - len(rows)
    rest = [f"… and {more:,} more: `/decision NAME` shows one account's"] if more > 0 else []
    return "\n".join([title, *rows, *rest])


def _row(row: Decided) -> str:
    by = f" · {name(row.by)}" if row.by else ""
    return f"• *{name(row.account)}*: {row.what}{by}"
