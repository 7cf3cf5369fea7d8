"""Removes a customer's data, everywhere; what is left says that it was done, and not to whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import col

from bot.actions.accounts.accounts import lock_account
from bot.actions.audit import audit_action
from bot.actions.work import Work
from bot.messages.kit.parts import plain, quoted
from db import outbox
from db.accounts import account_data, accounts
from db.core.tx import Tx
from db.models import Account, ImportChange, Outbox, Touchpoint
from db.outbox import pending
from db.outbox.states import CANCELLED, PENDING, POST, SENT

ERASED_NAME = "(an erased customer)"


def erase_account(work: Work, account: Account) -> int:
    """Removes the account and all that belongs to it; returns how many rows that were.

    Messages that are about it alone are deleted in Slack; where others stand beside it, its name
    is taken out. Slack does not let go of what was shown privately, and people's own words stay.
    """
    lock_account(work.tx, account)
    account_id = account.id
    words = names_in_messages(work.tx, account)
    found = list(account_data.account_rows(work.tx, account_id))
    said = [row.nudge_id for model, some in found if model is Touchpoint for row in some]
    told = account_data.find_messages(work.tx, words, [one for one in said if one is not None])
    for message in told:
        _redact_message(work.tx, message, account_id, words, work.now)
    account_data.forget_reactions(work.tx, told)
    account_data.forget_answers(work.tx, words)
    for change in account_data.list_import_changes(work.tx, found):
        work.tx.delete(ImportChange, col(ImportChange.id) == change.id)
    for line in account_data.list_audits(work.tx, account_data.audit_subjects(found)):
        line.detail = {}
    count = sum(len(some) for _, some in found)
    for model in reversed(account_data.workspace_models()):
        where = account_data.belongs_to_account(model, account_id)
        if where is not None:
            work.tx.delete(model, where)
    detail = {"rows": count, "messages": len(told)}
    audit_action(work, f"account:{account_id}", "account.erased", detail)
    return count


def matches_name(account: Account, words: str) -> bool:
    """Whether somebody typed the account's name, whatever the letters' case."""
    return " ".join(words.split()).casefold() == " ".join(account.name.split()).casefold()


def names_in_messages(tx: Tx, account: Account) -> list[str]:
    """Its names as they stand in messages: plain, and as they are typed in a command."""
    names = [account.name, *(alias.alias for alias in accounts.list_aliases(tx, account.id))]
    shown = [form for name in names for form in (plain(name), name, quoted(name))]
    return sorted(set(shown), key=len, reverse=True)


def _redact_message(tx: Tx, message: Outbox, account: int, words: list[str], now: datetime) -> None:
    """Deletes a message in Slack, or shows it without the name where it tells of others too."""
    others = _mentions_others(tx, message, account)
    left = _redacted(message.payload, words) if others else account_data.ERASED_PAYLOAD
    message.payload = left
    if message.state == PENDING:
        message.state = PENDING if others else CANCELLED
        return
    if message.method != POST or message.state != SENT or not message.slack_ts:
        return
    if others:
        face = pending.next_version(tx, message.id)
        outbox.enqueue_update(tx, target=message.id, version=face, payload=left, now=now)
    else:
        outbox.enqueue_delete(tx, target=message.id, now=now)


def _mentions_others(tx: Tx, message: Outbox, account: int) -> bool:
    if message.kind in ("digest", "home", "admin"):
        return True
    of_message = col(Touchpoint.nudge_id) == (message.root_id or message.id)
    return bool(tx.count(Touchpoint, of_message, col(Touchpoint.account_id) != account))


def _redacted(value: Any, words: list[str]) -> Any:
    """The same payload with the names taken out of its texts; buttons keep their values."""
    if isinstance(value, dict):
        kept = ("value", "action_id")
        return {k: v if k in kept else _redacted(v, words) for k, v in value.items()}
    if isinstance(value, list):
        return [_redacted(one, words) for one in value]
    if isinstance(value, str):
        for word in words:
            value = value.replace(word, ERASED_NAME)
    return value
