"""Accounts that are behind or stuck, as a digest tells of them, in the words of the card."""

from __future__ import annotations

from bot.messages.digests.facts import Digest, StuckAccount
from bot.messages.kit.text import join_lines, more_line, short
from bot.messages.lifecycle import pace
from bot.rules.text.words import plural

_MAX_NAME_LENGTH = 60


def pace_text(facts: Digest) -> str:
    """The furthest beyond what is expected, and how many there are of each kind."""
    if not facts.stuck:
        return ""
    rows = ["• " + _account_line(row) for row in facts.stuck]
    more = more_line(facts.stuck_count + facts.behind_count - len(rows), ": `/stage`")
    return join_lines(f"*Pace* · {' and '.join(pace_counts(facts))}", *rows, more)


def pace_counts(facts: Digest) -> list[str]:
    """ "1 account is stuck", "3 are behind"."""
    counts = []
    if facts.stuck_count:
        counts.append(plural(facts.stuck_count, "account is stuck", "accounts are stuck"))
    if facts.behind_count and counts:
        counts.append(plural(facts.behind_count, "is behind", "are behind"))
    elif facts.behind_count:
        counts.append(plural(facts.behind_count, "account is behind", "accounts are behind"))
    return counts


def _account_line(row: StuckAccount) -> str:
    return (
        f"{pace.pace_label(row.level)} · *{short(row.account, _MAX_NAME_LENGTH)}* · "
        f"{plural(row.days, 'day')} in {short(row.stage, _MAX_NAME_LENGTH)}, "
        f"{row.expected} expected"
    )
