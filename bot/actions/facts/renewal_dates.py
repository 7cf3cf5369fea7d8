"""Customers whose renewal date is not known."""

from typing import Any

from bot.actions.work import Work
from bot.rules.terms import is_customer
from db.facts import renewal_dates


def list_unknown_dates(work: Work, most: int, *where: Any) -> list[Any]:
    """(id, name, total) of the customers whose date is not known."""
    stages = [stage.key for stage in work.playbook.stages if is_customer(work.playbook, stage.key)]
    return renewal_dates.list_unknown(work.tx, stages, most, *where)
