"""Looks at one cycle that is two thirds over: has its value grown?"""

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

# A cycle that cannot be looked at must not stop the others: it is tried again after this.
SET_ASIDE = timedelta(hours=1)


def look_at_one(context: Context, now: datetime) -> bool:
    """Looks at the cycle that has waited longest; False if there is none for us."""
    found = terms.first_to_check(context.engine, now)
    if found is None:
        return False
    workspace, cycle_id = found

    def look(tx: Tx, playbook: Playbook) -> bool:
        cycle = terms.hold(tx, cycle_id)
        if cycle is None or cycle.check_at is None:
            return False  # another worker is at it
        growth_check.look(Work(tx, playbook, now, CLOCK), cycle)
        return True

    def set_aside(tx: Tx) -> None:
        terms.set_aside(tx, cycle_id, now + SET_ASIDE)

    return attempt(context, workspace, f"look at cycle {cycle_id}", look, set_aside, otherwise=True)
