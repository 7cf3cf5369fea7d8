"""Days by the managers' calendar, in which facts of accounts are told."""

from collections.abc import Callable
from datetime import date, datetime

from bot.actions.work import Work
from bot.rules.playbook.playbook import MANAGER


def today(work: Work) -> date:
    return work.playbook.calendar(MANAGER).local_date(work.now)


def day_of(work: Work) -> Callable[[datetime], date]:
    """Gives a moment's day."""
    return work.playbook.calendar(MANAGER).local_date
