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
    stages = [stage.key for stage in work.playbook.stages if is_customer(work.playbook, stage.key)]
    rows = renewal_dates.list_unknown(work.tx, stages, MAX_UNKNOWN, *where)
    return unknown_dates_text([row.name for row in rows], rows[0].total) if rows else ""
