"""What is known of an account, as rows for those who meet it anew or prepare its next decision."""

from __future__ import annotations

from datetime import datetime

from bot.messages.kit.parts import day, plain, short
from bot.rules.text.money import spell
from db.accounts import value
from db.core.tx import Tx
from db.lifecycle import decisions
from db.members import members
from db.models import Account, Decision, ValueEntry
from db.participation import participants

TEXT = 160
REASON = 300
MOST_ALTERNATIVES = 6


def value_rows(tx: Tx, account: Account, term: int | None, most: int) -> list[str]:
    """The newest entries of the value ledger, confirmed ones first."""
    found = value.of_account(tx, account.id, term=term, limit=50)
    found.sort(key=lambda each: each.confirmed_at is None)
    return [_value(each) for each in found[:most]]


def decision_rows(tx: Tx, account: Account, most: int) -> list[str]:
    """The newest decisions, and why."""
    return [decided(each) for each in decisions.of_account(tx, account.id, limit=most)]


def took_part(tx: Tx, account: Account, since: datetime | None = None) -> list[tuple[str, int]]:
    """(name, how much) of everybody who has taken part, most first. Names ring nobody."""
    found = participants.people(tx, account, since)
    return [(members.name(tx, user), count) for user, count in found]


def alternatives(tx: Tx, account: Account) -> list[str]:
    """The names of what else they could choose."""
    found = decisions.alternatives(tx, account.id)
    return [short(each.name, TEXT) for each in found[:MOST_ALTERNATIVES]]


def decided(decision: Decision) -> str:
    """«chose us on Mon 23 Nov 2026, because …, over doing nothing»."""
    why = f", because {_line(decision.reason, REASON)}" if decision.reason else ""
    over = f", over {_line(decision.alternative, TEXT)}" if decision.alternative else ""
    return f"{plain(decision.outcome)} on {day(decision.at.date())}{why}{over}"


def _value(entry: ValueEntry) -> str:
    worth = ""
    if entry.hundredths is not None and entry.currency is not None:
        worth = f", {spell(entry.hundredths, entry.currency)}"
    how = "they said so" if entry.confirmed_at is not None else "we say so"
    return f"{_line(entry.text, TEXT)}{worth} ({how})"


def _line(words: str, limit: int) -> str:
    return short(" ".join(words.split()), limit)
