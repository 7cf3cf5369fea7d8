"""What is known of an account, as rows for its handoffs and briefs."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.actions.facts.involvement import count_by_person, list_touches
from bot.actions.work import Work
from bot.messages.kit.text import day, plain, short
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.money import format_money
from db.accounts import value
from db.core.tx import Tx
from db.lifecycle import decisions
from db.members import members
from db.models import Account, Decision, ValueEntry

MAX_TEXT_LENGTH = 160
MAX_REASON_LENGTH = 300
MAX_ALTERNATIVES = 6
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


def stage_name(playbook: Playbook, key: str) -> str:
    """The stage's name, or its key when the playbook no longer has it."""
    stage = playbook.stage(key)
    return stage.name if stage else key


def value_rows(tx: Tx, account: Account, term: int | None, most: int) -> list[str]:
    """The newest entries of the value ledger, confirmed ones first."""
    entries = value.list_of_account(tx, account.id, term=term, limit=50)
    entries.sort(key=lambda entry: entry.confirmed_at is None)
    return [_describe_value(entry) for entry in entries[:most]]


def list_participants(work: Work, account: Account) -> list[tuple[str, int]]:
    """(name, count) of everybody who has taken part, most first. The names mention nobody."""
    touches = list_touches(work, account, _EVER)
    return [(members.name(work.tx, user), count) for user, count in count_by_person(touches)]


def alternative_names(tx: Tx, account: Account) -> list[str]:
    """The names of what else they could choose."""
    alternatives = decisions.list_alternatives(tx, account.id)[:MAX_ALTERNATIVES]
    return [short(each.name, MAX_TEXT_LENGTH) for each in alternatives]


def describe_decision(decision: Decision) -> str:
    """ "chose us on Mon 23 Nov 2026, because …, over doing nothing"."""
    text = f"{plain(decision.outcome)} on {day(decision.at.date())}"
    if decision.reason:
        text += f", because {_shorten(decision.reason, MAX_REASON_LENGTH)}"
    if decision.alternative:
        text += f", over {_shorten(decision.alternative, MAX_TEXT_LENGTH)}"
    return text


def _describe_value(entry: ValueEntry) -> str:
    worth = ""
    if entry.hundredths is not None and entry.currency is not None:
        worth = f", {format_money(entry.hundredths, entry.currency)}"
    how = "they said so" if entry.confirmed_at is not None else "we say so"
    return f"{_shorten(entry.text, MAX_TEXT_LENGTH)}{worth} ({how})"


def _shorten(words: str, limit: int) -> str:
    return short(" ".join(words.split()), limit)
