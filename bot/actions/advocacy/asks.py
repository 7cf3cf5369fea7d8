"""A play that asks a customer for a favour is noted as an ask when it is done, and undone with it.

`bot/actions/advocacy/advocacy.py` is what people type; this happens by itself, so it never refuses: the
customer was asked, whether they rested or not.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.actions.actor import Actor, audit_action
from bot.actions.touchpoints.plays import play_of
from bot.rules.playbook.playbook import MANAGER, Playbook
from db.advocacy import advocacy
from db.core.tx import Tx
from db.models import Account, AdvocacyEntry, Touchpoint
from db.touchpoints import limits

#: What was answered before *Done* was pressed was asked before that.
_JUST_BEFORE = timedelta(microseconds=1)


def note_ask(
    tx: Tx, playbook: Playbook, account: Account, touchpoint: Touchpoint, by: Actor, now: datetime
) -> None:
    """Notes that the customer was asked, unless somebody noted so today."""
    play = play_of(playbook, touchpoint)
    if play is None or play.asks_for is None:
        return
    today = playbook.calendar(MANAGER).local_date(now)
    known = [
        entry
        for entry in advocacy.entries(tx, [account.id])
        if entry.act == play.asks_for and entry.on == today and entry.verb != "gave"
    ]
    if any(entry.verb == "asked" for entry in known):
        return
    entry = tx.add(
        AdvocacyEntry(
            account_id=account.id,
            act=play.asks_for,
            verb="asked",
            on=today,
            cycle=account.cycle,
            by_user=by.user,
            source=by.source,
            at=min([now, *(entry.at - _JUST_BEFORE for entry in known)]),
            touchpoint_id=touchpoint.id,
        )
    )
    _record(tx, entry, "asked", by, now)


def take_back(tx: Tx, touchpoint: Touchpoint, by: Actor, now: datetime) -> None:
    """The touchpoint is open again: nobody was asked."""
    for entry in advocacy.of_touchpoint(tx, touchpoint.account_id, touchpoint.id):
        if advocacy.undo(tx, entry.id, now):
            limits.look_again(tx, entry.account_id, now)  # another favour may be asked now
            _record(tx, entry, "undone", by, now)


def _record(tx: Tx, entry: AdvocacyEntry, verb: str, by: Actor, now: datetime) -> None:
    detail = {"act": entry.act, "entry": entry.id, "touchpoint": entry.touchpoint_id}
    audit_action(tx, f"account:{entry.account_id}", f"advocacy.{verb}", by, now, detail)
