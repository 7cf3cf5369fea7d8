"""Begins and ends an account's cycles, as moves and decisions ask for it."""

from __future__ import annotations

from datetime import datetime

from bot.actions.actor import Actor, audit_action
from bot.actions.touchpoints.nudging import cancel
from bot.rules.playbook.playbook import Playbook, Stage
from bot.rules.terms import is_customer, two_thirds
from db.core.tx import Tx
from db.models import Account, Cycle
from db.terms import terms
from db.touchpoints import touchpoints

#: Kinds of touchpoints that ask about one cycle, and end with it.
OF_A_CYCLE = ("value", "gap")


def follow(
    tx: Tx,
    playbook: Playbook,
    account: Account,
    to: Stage,
    *,
    reason: str | None,
    by: Actor,
    now: datetime,
    lost_to: str | None = None,
) -> int:
    """What a move to `to` means for the account's cycles; returns the number that it has then.

    An exit ends the open cycle. Who comes back from one is on the way to the next, and is in it
    from the stage on that begins one.
    """
    every = terms.of_account(tx, account.id)
    current = next((each for each in every if each.ended_at is None), None)
    if to.exit:
        if current is not None:
            end(tx, playbook, account, current, to.key, reason, by, now, lost_to=lost_to)
        return account.cycle
    last = next(reversed(every), None)
    number = account.cycle
    if last is not None and last.ended_at is not None:
        number = max(number, last.number + 1)
    if current is None and is_customer(playbook, to.key):
        begin(tx, account, number, by, now)
    return number


def begin(tx: Tx, account: Account, number: int, by: Actor, now: datetime) -> Cycle:
    """Begins a cycle; the caller writes its number on the account."""
    cycle = tx.add(
        Cycle(
            account_id=account.id,
            number=number,
            began_at=now,
            check_at=two_thirds(now, account.renews_on),
            source=by.source,
        )
    )
    audit_action(tx, account, "cycle.began", by, now, {"cycle": number})
    return cycle


def end(
    tx: Tx,
    playbook: Playbook,
    account: Account,
    cycle: Cycle,
    outcome: str,
    reason: str | None,
    by: Actor,
    now: datetime,
    *,
    lost_to: str | None = None,
) -> None:
    """Ends a cycle, and what was still asked about it."""
    cycle.ended_at, cycle.outcome, cycle.reason, cycle.lost_to = now, outcome, reason, lost_to
    cycle.renews_on, cycle.check_at = account.renews_on, None
    for touchpoint in touchpoints.hold_of_account(tx, account.id):
        if touchpoint.kind in OF_A_CYCLE:
            cancel(tx, playbook, touchpoint, f"cycle {cycle.number} is over", now)
    audit_action(tx, account, "cycle.ended", by, now, {"cycle": cycle.number, "outcome": outcome})


def renewal_moved(tx: Tx, account: Account) -> None:
    """The account's renewal date has changed: so has the time to look at the cycle's value."""
    current = terms.current(tx, account)
    if current is not None:
        at = two_thirds(current.began_at, account.renews_on)
        terms.set_check(tx, account.id, at)
