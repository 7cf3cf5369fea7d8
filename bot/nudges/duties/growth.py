"""Looks at one term that is two thirds over: has its value grown?"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.actions.actor import CLOCK
from bot.actions.terms import growth_check
from bot.actions.work import Work
from bot.context import Context
from bot.nudges.set_aside import attempt
from bot.rules.playbook.playbook import Playbook
from db.core.tx import Tx
from db.terms import terms

# A term that cannot be looked at must not stop the others: it is tried again after this.
RETRY_AFTER = timedelta(hours=1)


def check_next_term(context: Context, now: datetime) -> bool:
    """Looks at the term that has waited longest; False if there is none for us."""
    found = terms.first_to_check(context.engine, now)
    if found is None:
        return False
    workspace, term_id = found

    def look(tx: Tx, playbook: Playbook) -> bool:
        term = terms.lock_term(tx, term_id)
        if term is None or term.check_at is None:
            return False  # another worker is at it
        growth_check.check_growth(Work(tx, playbook, now, CLOCK), term)
        return True

    def set_aside(tx: Tx) -> None:
        terms.postpone_check(tx, term_id, now + RETRY_AFTER)

    return attempt(context, workspace, f"look at term {term_id}", look, set_aside, otherwise=True)
