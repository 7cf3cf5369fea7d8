"""Erases a customer's data everywhere; the audit keeps that it was done, without the name."""

from datetime import datetime
from typing import Any

from sqlmodel import col

from bot.actions.accounts.accounts import lock_account
from bot.actions.audit import audit_action
from bot.actions.work import Work
from bot.messages.kit.text import plain, quoted
from bot.messages.lists.person import is_morning
from db import outbox
from db.accounts import account_data, accounts
from db.core.tx import Tx
from db.imports import files
from db.models import Account, ImportChange, Outbox, Touchpoint
from db.outbox import pending
from db.outbox.states import CANCELLED, PENDING, POST, SENT

ERASED_NAME = "(an erased customer)"


def erase_account(work: Work, account: Account) -> int:
    """Removes the account and all that belongs to it; returns how many rows that were. Messages
    about it alone are deleted in Slack; in messages that tell of others too, its name is replaced.
    What was shown privately cannot be deleted in Slack, and people's own messages stay."""
    tx, account_id = work.tx, account.id
    lock_account(tx, account)
    words = names_in_messages(tx, account)
    tables = list(account_data.account_rows(tx, account_id))
    touchpoints = [row for model, rows in tables if model is Touchpoint for row in rows]
    nudges = [row.nudge_id for row in touchpoints if row.nudge_id is not None]
    messages = account_data.find_messages(tx, words, nudges)
    for message in messages:
        _redact_message(tx, message, account_id, words, work.now)
    account_data.forget_reactions(tx, messages)
    account_data.forget_answers(tx, words)
    files.forget_words(tx, words)
    for change in account_data.list_import_changes(tx, tables):
        tx.delete(ImportChange, col(ImportChange.id) == change.id)
    for line in account_data.list_audits(tx, account_data.audit_subjects(tables)):
        line.detail = {}
    count = sum(len(rows) for _, rows in tables)
    for model in reversed(account_data.workspace_models()):
        where = account_data.belongs_to_account(model, account_id)
        if where is not None:
            tx.delete(model, where)
    detail = {"rows": count, "messages": len(messages)}
    audit_action(work, f"account:{account_id}", "account.erased", detail)
    return count


def matches_name(account: Account, words: str) -> bool:
    """Whether somebody typed the account's name, whatever the letters' case."""
    return " ".join(words.split()).casefold() == " ".join(account.name.split()).casefold()


def names_in_messages(tx: Tx, account: Account) -> list[str]:
    """Its names as messages show them: plain, and as they are typed in a command."""
    names = [account.name, *(alias.alias for alias in accounts.list_aliases(tx, account.id))]
    forms = {form for name in names for form in (plain(name), name, quoted(name))}
    return sorted(forms, key=len, reverse=True)


def _redact_message(tx: Tx, message: Outbox, account: int, words: list[str], now: datetime) -> None:
    """Deletes a message in Slack, or takes the name out where it tells of others too."""
    others = _mentions_others(tx, message, account)
    if others:
        replace_in_message(tx, message, words, ERASED_NAME, now)
        return
    message.payload = account_data.ERASED_PAYLOAD
    if message.state == PENDING:
        message.state = CANCELLED
    elif _is_in_slack(message):
        outbox.enqueue_delete(tx, target=message.id, now=now)


def replace_in_message(tx: Tx, message: Outbox, words: list[str], by: str, now: datetime) -> None:
    """Shows a message without these words, also in Slack."""
    message.payload = redacted(message.payload, words, by)
    if message.state != PENDING and _is_in_slack(message):
        version, payload = pending.next_version(tx, message.id), message.payload
        outbox.enqueue_update(tx, target=message.id, version=version, payload=payload, now=now)


def _is_in_slack(message: Outbox) -> bool:
    return message.method == POST and message.state == SENT and bool(message.slack_ts)


def _mentions_others(tx: Tx, message: Outbox, account: int) -> bool:
    if message.kind in ("digest", "home", "admin") or is_morning(message.payload):
        return True
    of_message = col(Touchpoint.nudge_id) == (message.root_id or message.id)
    return bool(tx.count(Touchpoint, of_message, col(Touchpoint.account_id) != account))


def redacted(value: Any, words: list[str], by: str) -> Any:
    """A payload with the words replaced in its texts; buttons keep their values."""
    if isinstance(value, dict):
        kept = ("value", "action_id")
        return {k: v if k in kept else redacted(v, words, by) for k, v in value.items()}
    if isinstance(value, list):
        return [redacted(each, words, by) for each in value]
    if isinstance(value, str):
        for word in words:
            value = value.replace(word, by)
    return value
