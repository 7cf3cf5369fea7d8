"""Logs what happened with a customer, and takes it back."""

from __future__ import annotations

from datetime import date, datetime

from bot.actions.accounts.accounts import live
from bot.actions.actor import Actor, audit_action
from bot.messages.kit.parts import typed
from bot.rules.errors import UserError
from db.accounts import accounts
from db.core.tx import Tx
from db.models import Account, Interaction
from db.participation import neglect

KINDS = ("call", "email", "meeting", "visit", "ticket", "complaint", "note")
# Slack's own limit for what is typed is lower; this guards the button's and the form's ways in.
LONGEST_TEXT = 10_000


def log(
    tx: Tx,
    account: Account,
    *,
    kind: str,
    text: str,
    happened_on: date,
    by: Actor,
    now: datetime,
    touchpoint_id: int | None = None,
) -> Interaction:
    """Remembers an interaction. Raises `UserError` for an empty or endless text."""
    live(account)
    text = text.strip()
    if not text:
        raise UserError(wordless(account, kind))
    if len(text) > LONGEST_TEXT:
        raise UserError(f"That is longer than {LONGEST_TEXT:,} characters. Log the gist of it.")
    interaction = tx.add(
        Interaction(
            account_id=account.id,
            kind=kind,
            text=text,
            happened_on=happened_on,
            touchpoint_id=touchpoint_id,
            by_user=by.user,
            source=by.source,
            created_at=now,
        )
    )
    _record(tx, interaction, "logged", by, now)
    neglect.touched_by(tx, account.id, by.user, now)
    return interaction


def wordless(account: Account, kind: str) -> str:
    """The sentence for an interaction that says nothing."""
    return (
        f"Say in a few words what happened: `/log {typed(account.name)} {kind} walked through "
        "the report`."
    )


def undo(tx: Tx, interaction_id: int, by: Actor, now: datetime) -> tuple[Interaction, Account]:
    """Takes an interaction back; only whoever logged it can. Twice is the same as once."""
    interaction = tx.get(Interaction, interaction_id)
    if interaction is None:
        raise UserError("That entry is no longer there, so there is nothing to undo.")
    if interaction.by_user != by.user:
        raise UserError("Only the person who logged this can undo it.")
    account = accounts.by_id(tx, interaction.account_id)
    assert account is not None
    if interaction.undone_at is None:
        interaction.undone_at = now
        _record(tx, interaction, "undone", by, now)
    return interaction, account


def _record(tx: Tx, interaction: Interaction, verb: str, by: Actor, now: datetime) -> None:
    detail = {"account": interaction.account_id, "kind": interaction.kind}
    audit_action(tx, interaction, f"interaction.{verb}", by, now, detail)
