"""Logs what happened with a customer, and takes it back."""

from datetime import date

from bot.actions.accounts.accounts import require_live
from bot.actions.audit import audit_action
from bot.actions.work import Work
from bot.messages.kit.text import quoted
from bot.rules.errors import UserError
from db.contacts import contacts
from db.models import Account, Interaction

KINDS = ("call", "email", "meeting", "visit", "ticket", "complaint", "note")
# Slack's own limit for a command is lower; this one is for buttons and forms.
MAX_TEXT_LENGTH = 10_000


def log(
    work: Work,
    account: Account,
    *,
    kind: str,
    text: str,
    happened_on: date,
    touchpoint_id: int | None = None,
    contact_id: int | None = None,
) -> Interaction:
    """Saves an interaction, with the contact it was with: the one given, or who is named in the
    text. Raises `UserError` for a text that is empty or too long."""
    require_live(account)
    text = text.strip()
    if not text:
        raise UserError(empty_text_error(account, kind))
    if len(text) > MAX_TEXT_LENGTH:
        raise UserError(f"That is longer than {MAX_TEXT_LENGTH:,} characters. Shorten it.")
    interaction = work.tx.add(
        Interaction(
            account_id=account.id,
            kind=kind,
            text=text,
            happened_on=happened_on,
            touchpoint_id=touchpoint_id,
            contact_id=contact_id or contacts.named_in(work.tx, account.id, text),
            by_user=work.by.user,
            source=work.by.source,
            created_at=work.now,
        )
    )
    _write_audit(work, interaction, "logged")
    return interaction


def empty_text_error(account: Account, kind: str) -> str:
    """The error for an interaction without a text."""
    example = f"/log {quoted(account.name)} {kind} walked through the report"
    return f"Say in a few words what happened: `{example}`."


def undo(work: Work, interaction_id: int) -> tuple[Interaction, Account]:
    """Takes an interaction back; only the person who logged it can. Twice is the same as once."""
    interaction = work.tx.require(Interaction, interaction_id, "entry")
    if interaction.by_user != work.by.user:
        raise UserError("Only the person who logged this can undo it.")
    if interaction.undone_at is None:
        interaction.undone_at = work.now
        _write_audit(work, interaction, "undone")
    return interaction, work.tx.require(Account, interaction.account_id)


def _write_audit(work: Work, interaction: Interaction, verb: str) -> None:
    detail = {"account": interaction.account_id, "kind": interaction.kind}
    audit_action(work, interaction, f"interaction.{verb}", detail)
