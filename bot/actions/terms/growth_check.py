"""Looks at two thirds of a cycle whether it has given the customer more than the last, and asks
once when it has not."""

from __future__ import annotations

from datetime import datetime

from bot.actions.touchpoints.plays import ask_for
from bot.actions.touchpoints.routing import calendar_for
from bot.messages.accounts.value import counted_in, told
from bot.messages.kit.parts import day
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.terms import two_thirds
from bot.rules.value import Measured, has_grown, measure
from db.accounts import accounts, value
from db.core.tx import Tx
from db.models import Account, Cycle, Touchpoint
from db.terms import terms
from db.touchpoints import touchpoints

KIND = "value"
_TITLE = "Has it given them more than last time?"
_HELPS = "They decide on what they got, and hear from us before they miss it."


def look(tx: Tx, playbook: Playbook, cycle: Cycle, now: datetime) -> Touchpoint | None:
    """Looks at a cycle whose time has come; returns what is asked, if it has not grown.

    A mark that lay before we knew the account is no news: an import asks nothing.
    """
    account = accounts.by_id(tx, cycle.account_id)
    assert account is not None
    mark = two_thirds(cycle.began_at, account.renews_on)
    if mark > now:  # the renewal date has moved since
        terms.look_again(tx, cycle, mark)
        return None
    terms.look_again(tx, cycle, None)
    if account.archived_at is not None or mark < account.created_at:
        return None
    tallies = value.tallies_of(tx, account.id)
    if has_grown(tallies, cycle.number):
        return None
    last, this = measure(tallies, (cycle.number - 1, cycle.number))
    return _ask(tx, playbook, account, last, this, now)


def _ask(
    tx: Tx, playbook: Playbook, account: Account, last: Measured, this: Measured, now: datetime
) -> Touchpoint | None:
    key = f"value:{this.cycle}"
    if touchpoints.asked_for(tx, account.id, key):
        return None
    owner = playbook.value.ask
    if owner != MANAGER and owner not in playbook.departments:
        owner = playbook.without_manager
    return ask_for(
        tx,
        account,
        kind=KIND,
        key=key,
        owner=owner,
        title=_TITLE,
        ask=_words(account, last, this),
        helps=_HELPS,
        due_at=calendar_for(tx, playbook, owner, account).next_open(now),
        now=now,
    )


def _words(account: Account, last: Measured, this: Measured) -> str:
    until = f", which ends {day(account.renews_on)}" if account.renews_on else ""
    before = f" Cycle {last.cycle} gave them: {told(last)}." if last.cycle else ""
    return (
        f"Two thirds of cycle {this.cycle} are over{until}. It gave {{account}} so far: "
        f"{told(this)}.{before} {counted_in(this.currency)} Ask them for one thing it gave them "
        "lately, or to confirm what we claim, and note it with /value."
    )
