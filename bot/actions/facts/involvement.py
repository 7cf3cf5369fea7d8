"""Who of us took part in an account."""

from __future__ import annotations

from datetime import datetime

from bot.actions.facts.days import day_of
from bot.actions.work import Work
from bot.rules.facts.took_part import Involvement, Touch, involvement
from db.facts import touches
from db.models import Account
from db.terms import terms


def list_touches(
    work: Work, account: Account, since: datetime, until: datetime | None = None
) -> list[Touch]:
    """What people did for an account since then, by the managers' calendar."""
    return touches.list_touches(work.tx, account.id, since, until or work.now, day_of(work))


def load(work: Work, account: Account) -> Involvement:
    """Who took part in this term; before the first, since the account is known."""
    term = terms.current_term(work.tx, account)
    done = list_touches(work, account, term.began_at if term else account.created_at)
    return involvement(done, work.playbook.departments, account.manager_id)
