"""Notes the favours that customers do for us, refuses asks too soon, and settles complaints."""

from datetime import date, timedelta

from bot.actions.accounts.accounts import lock_account, require_live
from bot.actions.audit import audit_action
from bot.actions.touchpoints import cooldown
from bot.actions.touchpoints.plays import find_play
from bot.actions.work import Work
from bot.messages.kit.text import day, plain, quoted, short
from bot.rules.errors import UserError
from bot.rules.playbook.advocacy import Verb
from bot.rules.playbook.playbook import MANAGER
from bot.rules.text.sectors import same_sector
from db.advocacy import advocacy
from db.models import Account, AdvocacyEntry, Interaction, Touchpoint
from db.touchpoints import limits

MAX_NOTE_LENGTH = 1000


def add_entry(
    work: Work,
    account: Account,
    verb: Verb,
    act: str,
    words: str,
    *,
    today: date,
    contact_id: int | None = None,
) -> AdvocacyEntry | None:
    """Notes a step; None when the same was noted today already. Raises `UserError` for an ask
    during a cooldown, naming a customer who may be asked instead."""
    lock_account(work.tx, account)
    require_live(account)
    if len(words) > MAX_NOTE_LENGTH:
        raise UserError(
            f"That note has {len(words):,} characters; the limit is {MAX_NOTE_LENGTH:,}. "
            f"Shorten it, and `/log {quoted(account.name)}` the rest."
        )
    known = advocacy.list_entries(work.tx, [account.id])
    last = next((row for row in reversed(known) if row.act == act), None)
    if (
        last is not None
        and (last.verb, last.on) == (verb, today)
        and words in ("", last.note or "")
    ):
        return None
    if verb == "asked":
        _check_cooldown(work, account, act, today)
    entry = work.tx.add(
        AdvocacyEntry(
            account_id=account.id,
            act=act,
            verb=verb,
            note=words or None,
            contact_id=contact_id,
            on=today,
            term=account.term,
            by_user=work.by.user,
            source=work.by.source,
            at=work.now,
        )
    )
    audit_action(work, account, f"advocacy.{verb}", {"act": act, "entry": entry.id})
    return entry


def undo(work: Work, account: Account, entry_id: int) -> AdvocacyEntry:
    """Takes an entry back; only the person who noted it can. Twice is the same as once."""
    entry = work.tx.get(AdvocacyEntry, entry_id)
    if entry is None or entry.account_id != account.id:
        raise UserError("That entry is no longer there, so there is nothing to take back.")
    if entry.by_user != work.by.user:
        raise UserError("Only the person who noted this can take it back.")
    if advocacy.undo_entry(work.tx, entry_id, work.now):
        limits.recheck_postponed(work.tx, account.id, work.now)
        audit_action(work, account, "advocacy.undone", {"act": entry.act, "entry": entry.id})
    return entry


def resolve_complaints(work: Work, account: Account) -> list[int]:
    """Settles all open complaints and tickets of an account; returns their ids."""
    require_live(account)
    settled = advocacy.resolve_complaints(work.tx, account.id, work.by.user, work.now)
    if settled:
        limits.recheck_postponed(work.tx, account.id, work.now)  # requests for favours may go
        audit_action(work, account, "advocacy.resolved", {"complaints": len(settled)})
    return settled


def reopen_complaints(work: Work, settled_id: int) -> tuple[Account, int]:
    """Opens a settled complaint again, with those that were settled together with it. Returns how
    many, 0 when they are open already. Only the person who settled them can."""
    settled = work.tx.require(Interaction, settled_id, "complaint")
    account = work.tx.require(Account, settled.account_id)
    if settled.resolved_at is None:
        return account, 0
    if settled.resolved_by != work.by.user:
        raise UserError("Only the person who said that it is settled can take that back.")
    count = advocacy.reopen_complaints(work.tx, settled, work.now)
    audit_action(work, account, "advocacy.open again", {"complaints": count})
    return account, count


def _check_cooldown(work: Work, account: Account, act: str, today: date) -> None:
    """Raises `UserError` when the customer is not to be asked now, and says who could be."""
    rest = cooldown.load(work.tx, work.playbook, account, today).rest
    if rest is None:
        return
    candidates, _ = cooldown.list_candidates(work.tx, work.playbook, act, None, today)
    others = [each for each in candidates if each.account.id != account.id]
    near = [e for e in others if same_sector(e.account.sector, account.sector or "")]
    name = quoted(account.name)
    instead = "No other account may be asked now."
    if others:
        other = (near or others)[0].account.name
        instead = f"{short(other)} may be asked: `/advocacy {quoted(other)} asked {act}`."
    settled = f" Once it is settled: `/log {name} resolved`." if rest.why == "complaint" else ""
    raise UserError(
        f"{plain(account.name)} may not be asked before {day(rest.until)}: "
        f"{cooldown.cooldown_reason(rest)}. Nothing was recorded.{settled} {instead}"
    )


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
