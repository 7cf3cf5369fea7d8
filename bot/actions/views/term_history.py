"""An account's decisions, value and terms, as lines of its timeline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.messages.lifecycle.decision import outcome_text
from bot.rules.text.money import format_money
from db.accounts import value
from db.core.tx import Tx
from db.lifecycle import decisions
from db.models import Decision, Term, ValueEntry
from db.terms import terms

TimelineLine = tuple[datetime, str, str | None]  # when, what, by whom


def deed_lines(tx: Tx, account_id: int, limit: int) -> Iterator[TimelineLine]:
    """The newest decisions and value entries, `limit` of each."""
    for decision in decisions.list_of_account(tx, account_id, limit=limit):
        yield decision.at, _decision_text(decision), decision.by_user
    for entry in value.list_of_account(tx, account_id, limit=limit):
        yield entry.created_at, _value_text(entry), entry.by_user
    for entry in value.list_confirmed_later(tx, account_id, limit):
        assert entry.confirmed_at is not None
        by = f" by {entry.confirmed_by}" if entry.confirmed_by else ""
        text = f"value: {entry.text}, confirmed{by}"
        yield entry.confirmed_at, text, entry.confirmed_by_user


def term_lines(tx: Tx, account_id: int) -> Iterator[TimelineLine]:
    """When each term began and ended."""
    for term in terms.list_of_account(tx, account_id):
        yield term.began_at, f"term {term.number} began", None
        if term.ended_at is not None:
            yield term.ended_at, _term_end_text(term), None


def _decision_text(row: Decision) -> str:
    """Not escaped: the timeline itself keeps customers' texts from being markup."""
    outcome = outcome_text(row.outcome, row.alternative)
    why = f", because {' '.join(row.reason.split())}" if row.reason else ""
    return f"decision: {outcome[0].lower()}{outcome[1:]}{why}"


def _value_text(row: ValueEntry) -> str:
    worth = ""
    if row.hundredths and row.currency:
        worth = f", worth {format_money(row.hundredths, row.currency)}"
    how = "our estimate"
    if row.confirmed_at == row.created_at:
        how = f"confirmed by {row.confirmed_by}" if row.confirmed_by else "confirmed"
    return f"value: {row.text}{worth}, {how}"


def _term_end_text(term: Term) -> str:
    to = f" to {term.lost_to}" if term.lost_to else ""
    why = f", because {' '.join(term.reason.split())}" if term.reason else ""
    return f"term {term.number} ended: {term.outcome}{to}{why}"
