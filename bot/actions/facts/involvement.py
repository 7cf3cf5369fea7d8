"""Who of us took part in an account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.actions.facts.days import day_of, today
from bot.actions.work import Work
from bot.messages.accounts import participation as messages
from bot.messages.facts.known import involvement_text
from bot.messages.kit.message import Message
from bot.messages.kit.text import day
from bot.rules.facts.known_since import known_from
from bot.rules.facts.took_part import Involvement, Touch, by_month, involvement
from db.facts import touches
from db.models import Account
from db.terms import terms
from db.workspace import departments

MONTHS = 6


def list_touches(
    work: Work, account: Account, since: datetime, until: datetime | None = None
) -> list[Touch]:
    """What people did for an account since then, by the managers' calendar."""
    leads = departments.leads(work.tx, work.playbook)
    return touches.list_touches(work.tx, account.id, since, until or work.now, day_of(work), leads)


def involvement_line(work: Work, account: Account) -> str:
    """ "Our involvement this term: …"; empty for an account nobody has done anything for."""
    done, told = _load(work, account)
    return f"Our involvement this term: {told}" if done.total else ""


def involvement_words(work: Work, account: Account) -> str:
    """The same without its title, with everybody who did nothing."""
    return _load(work, account)[1]


def _load(work: Work, account: Account) -> tuple[Involvement, str]:
    """Who took part in this term, or since the account is known, and the words for it."""
    term = terms.current_term(work.tx, account)
    since = term.began_at if term else account.created_at
    made = list_touches(work, account, since)
    done = involvement(made, work.playbook.departments, account.manager_id)
    known = known_from(*map(day_of(work), (since, account.created_at)))
    before = f" (not known before {day(known, today(work))})" if known else ""
    return done, involvement_text(done, _names(work)) + before


def monthly_message(work: Work, account: Account) -> Message:
    """Each department's share in the last six months."""
    done = list_touches(work, account, work.now - timedelta(days=31 * MONTHS))
    rows = []
    for month, some in [*by_month(done).items()][:MONTHS]:
        counted = involvement(some, work.playbook.departments, account.manager_id)
        rows.append((month, involvement_text(counted, _names(work))))
    return messages.months(account.name, rows)


def count_by_person(touches: Iterable[Touch]) -> list[tuple[str, int]]:
    """(Slack user, how much) of everybody who took part, most first."""
    return Counter(touch.by for touch in touches if touch.by).most_common()


def _names(work: Work) -> dict[str, str]:
    return {key: each.name for key, each in work.playbook.departments.items()}
