"""Notes an ask when a play that asks for a favour is done, and takes it back with the touchpoint.

Unlike `advocacy.add_entry` this never refuses: the customer has been asked already.
"""

from datetime import timedelta

from bot.actions.audit import audit_action
from bot.actions.touchpoints.plays import find_play
from bot.actions.work import Work
from bot.rules.playbook.playbook import MANAGER
from db.advocacy import advocacy
from db.models import Account, AdvocacyEntry, Touchpoint
from db.touchpoints import limits

#: An answer that was noted before *Done* was pressed comes after the ask.
_JUST_BEFORE = timedelta(microseconds=1)


def record_ask(work: Work, account: Account, touchpoint: Touchpoint) -> None:
    """Notes that the customer was asked, unless somebody noted so today."""
    play = find_play(work.playbook, touchpoint)
    if play is None or play.asks_for is None:
        return
    today = work.playbook.calendar(MANAGER).local_date(work.now)
    known = [
        entry
        for entry in advocacy.list_entries(work.tx, [account.id])
        if entry.act == play.asks_for and entry.on == today and entry.verb != "gave"
    ]
    if any(entry.verb == "asked" for entry in known):
        return
    entry = work.tx.add(
        AdvocacyEntry(
            account_id=account.id,
            act=play.asks_for,
            verb="asked",
            on=today,
            term=account.term,
            by_user=work.by.user,
            source=work.by.source,
            at=min([work.now, *(entry.at - _JUST_BEFORE for entry in known)]),
            touchpoint_id=touchpoint.id,
        )
    )
    _write_audit(work, entry, "asked")


def undo_ask(work: Work, touchpoint: Touchpoint) -> None:
    """Takes back the ask of a touchpoint that is open again; another favour may be asked then."""
    for entry in advocacy.list_of_touchpoint(work.tx, touchpoint.account_id, touchpoint.id):
        if advocacy.undo_entry(work.tx, entry.id, work.now):
            limits.recheck_postponed(work.tx, entry.account_id, work.now)
            _write_audit(work, entry, "undone")


def _write_audit(work: Work, entry: AdvocacyEntry, verb: str) -> None:
    detail = {"act": entry.act, "entry": entry.id, "touchpoint": entry.touchpoint_id}
    audit_action(work, f"account:{entry.account_id}", f"advocacy.{verb}", detail)
