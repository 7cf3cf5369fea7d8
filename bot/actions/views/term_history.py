"""An account's decisions, value and terms, as its timeline and its card show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.actions.lifecycle import views
from bot.actions.views import value as views_value
from bot.messages.kit.text import day
from bot.messages.lifecycle.decision import OUTCOME_NAMES
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.text.money import format_money
from bot.rules.value import TermValue
from db.accounts import value
from db.core.tx import Tx
from db.lifecycle import decisions
from db.models import Account, Decision, Term, ValueEntry
from db.terms import terms

TimelineLine = tuple[datetime, str, str | None]  # when, what, by whom


@dataclass(frozen=True)
class TermSummary:
    """A term as the account's card shows it.

    `since` is None before the term begins; `compared` says that there are two to compare.
    """

    since: date | None
    compared: bool
    value: tuple[TermValue, ...]
    is_open: bool
    decided: str


def build(tx: Tx, playbook: Playbook, account: Account) -> TermSummary:
    """What the card shows of the term an account is in."""
    current = terms.current_term(tx, account)
    calendar = playbook.calendar(MANAGER)
    last = decisions.last_decision(tx, account.id)
    decision = views.decision_view(playbook, last) if last else None
    stage = playbook.stage(account.stage)
    return TermSummary(
        since=calendar.local_date(current.began_at) if current else None,
        compared=terms.last_term(tx, account.id) is not None,
        value=views_value.value_curve(tx, account),
        is_open=bool(stage and stage.decision) and decisions.is_open(tx, account),
        decided=f"{decision.what()} ({day(decision.on)})" if decision else "",
    )


def count(tx: Tx, account_id: int) -> int:
    """How many lines `term_lines` has in all."""
    return (
        decisions.count_decisions(tx, account_id)
        + value.count_entries(tx, account_id)
        + value.count_confirmed_later(tx, account_id)
        + terms.count_starts_and_ends(tx, account_id)
    )


def term_lines(tx: Tx, account_id: int, limit: int) -> Iterator[TimelineLine]:
    """The newest decisions and value entries, `limit` of each, and all terms."""
    for decision in decisions.list_of_account(tx, account_id, limit=limit):
        yield decision.at, _decision_text(decision), decision.by_user
    for entry in value.list_of_account(tx, account_id, limit=limit):
        yield entry.created_at, _value_text(entry), entry.by_user
    for entry in value.list_confirmed_later(tx, account_id, limit):
        assert entry.confirmed_at is not None
        text = f"value confirmed by {entry.confirmed_by or 'them'}: {entry.text}"
        yield entry.confirmed_at, text, entry.confirmed_by_user
    for term in terms.list_of_account(tx, account_id):
        yield term.began_at, f"term {term.number} began", None
        if term.ended_at is not None:
            yield term.ended_at, _term_end_text(term), None


def _decision_text(row: Decision) -> str:
    """Not escaped: the timeline itself keeps customers' texts from being markup."""
    outcome = OUTCOME_NAMES.get(row.outcome, row.outcome)
    if row.alternative is not None:
        lost = row.outcome == "chose other"
        outcome = f"They chose {row.alternative}" if lost else f"{outcome} over {row.alternative}"
    why = f", because {' '.join(row.reason.split())}" if row.reason else ""
    return f"decision: {outcome[0].lower()}{outcome[1:]}{why}"


def _value_text(row: ValueEntry) -> str:
    worth = ""
    if row.hundredths and row.currency:
        worth = f", worth {format_money(row.hundredths, row.currency)}"
    how = "value claimed"
    if row.confirmed_at == row.created_at:
        how = f"value confirmed by {row.confirmed_by or 'them'}"
    return f"{how}: {row.text}{worth}"


def _term_end_text(term: Term) -> str:
    to = f" to {term.lost_to}" if term.lost_to else ""
    why = f", because {' '.join(term.reason.split())}" if term.reason else ""
    return f"term {term.number} ended: {term.outcome}{to}{why}"
