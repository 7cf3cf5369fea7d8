"""The value ledger: what an account got, claimed by us or confirmed by the customer."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from bot.actions.accounts.accounts import require_live
from bot.actions.audit import audit_action
from bot.actions.work import Work
from bot.messages.kit.text import plain, quoted
from bot.rules.errors import UserError
from bot.rules.language.value import without_amount
from bot.rules.text.money import Money
from db.core.tx import Tx
from db.models import Account, ValueEntry
from db.touchpoints.limits import recheck_postponed

#: Anything longer belongs into /log.
MAX_TEXT_LENGTH = 1000


@dataclass(frozen=True)
class Confirmation:
    """That the customer said so: on which day, and who of them, if known."""

    on: date
    who: str | None = None
    contact_id: int | None = None


def add_entry(
    work: Work,
    account: Account,
    text: str,
    *,
    worth: Money | None = None,
    confirmed: Confirmation | None = None,
    touchpoint_id: int | None = None,
) -> ValueEntry:
    """Notes what an account got, in its current term. Raises `UserError` for a text that is empty
    or too long, and for an amount without a currency."""
    require_live(account)
    text = " ".join(text.split())
    _check_entry(account, text, worth)
    text = without_amount(text, worth) if worth else text
    entry = work.tx.add(
        ValueEntry(
            account_id=account.id,
            term=account.term,
            text=text,
            hundredths=worth.hundredths if worth else None,
            currency=worth.currency if worth else None,
            by_user=work.by.user,
            source=work.by.source,
            touchpoint_id=touchpoint_id,
            created_at=work.now,
            **(_confirmation_values(work, confirmed) if confirmed is not None else {}),
        )
    )
    _write_audit(work, entry, "claimed" if confirmed is None else "confirmed")
    if confirmed is not None:
        recheck_postponed(work.tx, account.id, work.now)  # requests for favours may go
    return entry


def _check_entry(account: Account, text: str, worth: Money | None) -> None:
    if not text:
        raise UserError(empty_text_error(account))
    if len(text) > MAX_TEXT_LENGTH:
        raise UserError(
            f"That has {len(text):,} characters; the limit is {MAX_TEXT_LENGTH:,}. "
            f"Shorten it to one line, and `/log {quoted(account.name)}` the rest."
        )
    if worth is not None and worth.currency is None:
        raise UserError(
            f"{worth.hundredths // 100:,} of what? Name the currency: "
            f"`/value {quoted(account.name)} … worth {worth.hundredths // 100} EUR`."
        )


def empty_text_error(account: Account) -> str:
    """The error for an entry without a text."""
    example = f"/value {quoted(account.name)} cut onboarding from 4 weeks to 2"
    return f"Say in a few words what they got: `{example}`."


def confirm(work: Work, entry_id: int, confirmation: Confirmation) -> tuple[ValueEntry, Account]:
    """Records that the customer says so too; the first confirmation counts."""
    entry, account = load_counting(work.tx, entry_id)
    changed = work.tx.execute(
        update(ValueEntry)
        .where(col(ValueEntry.id) == entry_id, col(ValueEntry.confirmed_at).is_(None))
        .values(**_confirmation_values(work, confirmation))
    )
    if changed:
        _write_audit(work, entry, "confirmed")
        recheck_postponed(work.tx, account.id, work.now)  # requests for favours may go
    return entry, account


def set_worth(work: Work, entry_id: int, worth: Money) -> tuple[ValueEntry, Account]:
    """Records what an entry is worth a year; its text loses the amount that it ends in."""
    entry, account = load_counting(work.tx, entry_id)
    entry.hundredths, entry.currency = worth
    entry.text = without_amount(entry.text, worth)
    _write_audit(work, entry, "counted")
    return entry, account


def load_counting(tx: Tx, entry_id: int) -> tuple[ValueEntry, Account]:
    """An entry and its account. Raises `UserError` when it was taken back."""
    entry, account = load_entry(tx, entry_id)
    if entry.undone_at is not None:
        raise UserError(
            f"That entry for {plain(account.name)} was taken back meanwhile. "
            f"Record it again: `/value {quoted(account.name)} …`."
        )
    return entry, account


def undo(work: Work, entry_id: int) -> tuple[ValueEntry, Account]:
    """Takes an entry back; only the person who noted it can. Twice is the same as once."""
    entry, account = load_entry(work.tx, entry_id)
    if entry.by_user != work.by.user:
        raise UserError("Only the person who noted this can undo it.")
    if entry.undone_at is None:
        entry.undone_at = work.now
        _write_audit(work, entry, "undone")
    return entry, account


def load_entry(tx: Tx, entry_id: int) -> tuple[ValueEntry, Account]:
    """An entry and its account. Raises `UserError` when it is gone."""
    entry = tx.require(ValueEntry, entry_id, "entry")
    return entry, tx.require(Account, entry.account_id)


def _confirmation_values(work: Work, confirmation: Confirmation) -> dict[str, Any]:
    return {
        "confirmed_at": work.now,
        "confirmed_on": confirmation.on,
        "confirmed_by": confirmation.who,
        "contact_id": confirmation.contact_id,
        "confirmed_by_user": work.by.user,
    }


def _write_audit(work: Work, entry: ValueEntry, verb: str) -> None:
    detail = {"account": entry.account_id, "term": entry.term}
    audit_action(work, f"value:{entry.id}", f"value.{verb}", detail)
