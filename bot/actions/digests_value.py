"""What a digest tells of value and of decisions."""

from __future__ import annotations

from bot.actions.digests_facts import Desk
from bot.messages import decision as decision_messages
from bot.messages.digest_facts import Decided, Grown, Value
from bot.rules.value import Measured, Tally, measure
from bot.rules.words import cut
from db import digests_people, digests_value, value

MOST_CURVES = 4
MOST_FLAT = 5
_REASON = 100


def value_of(desk: Desk) -> Value:
    """What was noted since the span's start, and for whom nothing has grown."""
    noted = digests_value.noted(desk.tx, desk.scope, desk.span)
    flat = digests_value.flat(desk.tx, desk.scope, desk.span)
    shown = sorted(noted, key=lambda row: (-row.confirmed, -row.claimed, row.name))[:MOST_CURVES]
    tallies = value.tallies(desk.tx, [row.id for row in shown]) if shown else {}
    return Value(
        confirmed=sum(row.confirmed for row in noted),
        claimed=sum(row.claimed for row in noted),
        accounts=len(noted),
        curves=[Grown(row.name, _curve(tallies[row.id])) for row in shown],
        flat=flat[:MOST_FLAT],
        flat_count=len(flat),
    )


def decisions(desk: Desk) -> list[Decided]:
    """What customers decided since the span's start, newest first."""
    rows = digests_value.decided(desk.tx, desk.scope, desk.span)
    if not rows:
        return []
    called = digests_people.names(desk.tx, {row.by_user for _, row in rows if row.by_user})
    found = []
    for account, row in rows:
        reason = cut(" ".join((row.reason or "").split()), _REASON) or None
        told = decision_messages.Told(
            row.outcome, reason, row.alternative, row.by_user, desk.day(row.at)
        )
        found.append(Decided(account, told.what(), called.get(row.by_user or "")))
    return found


def _curve(tallies: list[Tally]) -> tuple[Measured, ...]:
    """The newest cycle with value and the one before it."""
    last = max(tally.cycle for tally in tallies)
    first = last - 1 if any(tally.cycle < last for tally in tallies) else last
    return tuple(measure(tallies, range(first, last + 1)))
