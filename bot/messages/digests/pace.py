"""Accounts that are behind or stuck, as a digest tells of them, in the words of the card."""

from __future__ import annotations

from bot.messages.digests.facts import Digest, Stuck
from bot.messages.kit.parts import short
from bot.messages.lifecycle import pace
from bot.rules.text.words import plural

_NAME = 60


def told(facts: Digest) -> str:
    """The furthest beyond what is expected, and how many there are of each kind."""
    if not facts.stuck:
        return ""
    rows = ["• " + _row(row) for row in facts.stuck]
    more = facts.stuck_count + facts.behind_count - len(rows)
    rest = [f"… and {more:,} more: `/stage`"] if more > 0 else []
    return "\n".join([f"*Pace* · {' and '.join(counted(facts))}", *rows, *rest])


def counted(facts: Digest) -> list[str]:
    """«1 account is stuck», «3 are behind»."""
    found = []
    if facts.stuck_count:
        found.append(plural(facts.stuck_count, "account is stuck", "accounts are stuck"))
    if facts.behind_count and found:
        found.append(plural(facts.behind_count, "is behind", "are behind"))
    elif facts.behind_count:
        found.append(plural(facts.behind_count, "account is behind", "accounts are behind"))
    return found


def _row(row: Stuck) -> str:
    return (
        f"{pace.mark(row.level)} · *{short(row.account, _NAME)}* · {plural(row.days, 'day')} in "
        f"{short(row.stage, _NAME)}, {row.expected} expected"
    )
