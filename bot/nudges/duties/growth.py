"""Looks at one term that is two thirds over: has its value grown?"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.actions.terms import growth_check
from bot.actions.work import Work
from bot.context import Context
from bot.nudges.set_aside import attempt
from db.terms import terms

# After how long a term that failed is tried again.
RETRY_AFTER = timedelta(hours=1)


def check_next_term(context: Context, now: datetime) -> bool:
    """Checks the term that has been due longest; False if none is due."""
    due = terms.first_to_check(context.engine, now)
    if due is None:
        return False
    workspace, term_id = due

    def check(work: Work) -> bool:
        term = terms.lock_term(work.tx, term_id)
        if term is None or term.check_at is None:
            return False  # another worker is at it
        growth_check.check_growth(work, term)
        return True

    def postpone(work: Work) -> None:
        terms.postpone_check(work.tx, term_id, now + RETRY_AFTER)

    return attempt(context, workspace, now, f"look at term {term_id}", check, postpone)
