"""Customers whose renewal date is not known, counted and named."""

from __future__ import annotations

from typing import Any

from bot.actions.work import Work
from bot.messages.facts.known import MAX_UNKNOWN, unknown_dates_text
from bot.rules.terms import is_customer
from db.facts import renewal_dates


def unknown_dates(work: Work, *where: Any) -> str:
    """ "Renewal date not known for 97 accounts: …"; empty where all are known. The conditions are
    on `Account`."""
    rows = list_unknown_dates(work, MAX_UNKNOWN, *where)
    return unknown_dates_text([row.name for row in rows], rows[0].total) if rows else ""


def list_unknown_dates(work: Work, most: int, *where: Any) -> list[Any]:
    """(id, name, total) of the customers whose date is not known."""
    stages = [stage.key for stage in work.playbook.stages if is_customer(work.playbook, stage.key)]
    return renewal_dates.list_unknown(work.tx, stages, most, *where)
