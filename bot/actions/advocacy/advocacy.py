"""Favours customers do for us: noting each step, resting, and who may be asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.actions.accounts.accounts import lock_account, require_live
from bot.actions.audit import audit_action
from bot.actions.touchpoints import cooldown
from bot.actions.work import Work
from bot.messages.kit.parts import day, plain, quoted, short
from bot.rules.errors import UserError
from bot.rules.playbook.advocacy import Verb
from bot.rules.playbook.playbook import Playbook
from db.accounts import accounts
from db.advocacy import advocacy
from db.core.tx import Tx
from db.models import Account, AdvocacyEntry, Interaction
from db.participation import neglect
from db.touchpoints import limits

MAX_NOTE_LENGTH = 1000


def add_entry(
    work: Work, account: Account, verb: Verb, act: str, words: str, *, today: date
) -> AdvocacyEntry | None:
    """Remembers a step; None when the same was noted today already.

    Raises `UserError` for an ask of a customer who rests, with somebody who may be asked instead.
    """
    lock_account(work.tx, account)
    require_live(account)
    if len(words) > MAX_NOTE_LENGTH:
        raise UserError(
            f"That note has {len(words):,} characters, and {MAX_NOTE_LENGTH:,} is the most. "
            "Give the "
            f"gist, and `/log {quoted(account.name)}` the rest."
        )
    known = advocacy.list_entries(work.tx, [account.id])
    if _is_repeated(known, verb, act, words, today):
        return None
    if verb == "asked":
        _check_cooldown(work.tx, work.playbook, account, act, today)
    entry = work.tx.add(
        AdvocacyEntry(
            account_id=account.id,
            act=act,
            verb=verb,
            note=words or None,
            on=today,
            term=account.term,
            by_user=work.by.user,
            source=work.by.source,
            at=work.now,
        )
    )
    audit_action(work, account, f"advocacy.{verb}", {"act": act, "entry": entry.id})
    neglect.recheck_by(work.tx, account.id, work.by.user, work.now)
    return entry


def undo(work: Work, account: Account, entry_id: int) -> AdvocacyEntry:
    """Takes an entry back; only whoever noted it can. Twice is the same as once."""
    entry = advocacy.by_id(work.tx, entry_id)
    if entry is None or entry.account_id != account.id:
        raise UserError("That entry is no longer there, so there is nothing to take back.")
    if entry.by_user != work.by.user:
        raise UserError("Only the person who noted this can take it back.")
    if advocacy.undo_entry(work.tx, entry_id, work.now):
        limits.recheck_postponed(work.tx, account.id, work.now)
        audit_action(work, account, "advocacy.undone", {"act": entry.act, "entry": entry.id})
    return entry


def resolve_complaints(work: Work, account: Account) -> list[int]:
    """All open complaints and tickets of an account are settled; returns their ids."""
    require_live(account)
    settled = advocacy.resolve_complaints(work.tx, account.id, work.by.user, work.now)
    if settled:
        limits.recheck_postponed(work.tx, account.id, work.now)  # what asks for a favour may go
        audit_action(work, account, "advocacy.resolved", {"complaints": len(settled)})
    return settled


def reopen_complaints(work: Work, settled_id: int) -> tuple[Account, int]:
    """Takes back that complaints were settled: this one, and those settled with it; their number.

    Only whoever settled them can; twice is the same as once, and then the number is 0.
    """
    settled = work.tx.get(Interaction, settled_id)
    account = accounts.by_id(work.tx, settled.account_id) if settled is not None else None
    if settled is None or account is None:
        raise UserError("That complaint is no longer there, so there is nothing to take back.")
    if settled.resolved_at is None:
        return account, 0
    if settled.resolved_by != work.by.user:
        raise UserError("Only the person who said that it is settled can take that back.")
    count = advocacy.reopen_complaints(work.tx, settled, work.now)
    audit_action(work, account, "advocacy.open again", {"complaints": count})
    return account, count


def _is_repeated(
    known: Sequence[AdvocacyEntry], verb: Verb, act: str, words: str, today: date
) -> bool:
    """Whether the last word on the act is the same and of today."""
    last = next((row for row in reversed(known) if row.act == act), None)
    same = last is not None and (last.verb, last.on) == (verb, today)
    return same and last is not None and (last.note or "") in (words, words or (last.note or ""))


def _check_cooldown(tx: Tx, playbook: Playbook, account: Account, act: str, today: date) -> None:
    found = cooldown.load(tx, playbook, account, today).rest
    if found is None:
        return
    rested, _ = cooldown.list_candidates(tx, playbook, act, None, today)
    others = [each for each in rested if each.account.id != account.id]
    near = [e for e in others if account.sector and e.account.sector == account.sector]
    name = quoted(account.name)
    instead = "Nobody else is known who could be asked."
    if others:
        other = (near or others)[0].account
        instead = (
            f"{short(other.name)} could be asked: `/advocacy {quoted(other.name)} asked {act}`."
        )
    settled = f" Once it is settled: `/log {name} resolved`." if found.why == "complaint" else ""
    raise UserError(
        f"{plain(account.name)} rests until {day(found.until)}: {cooldown.cooldown_reason(found)}. "
        f"Nothing was noted.{settled} {instead}"
    )
