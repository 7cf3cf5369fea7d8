"""What planning has to know of an account."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.terms import assumed_renewal
from db.models import Account, Term


@dataclass(frozen=True)
class AccountFacts:
    """What planning has to know of an account: since when it is in its stage, its open `term` (0
    for none), when that began, and since when we know the account."""

    id: int
    stage: str
    stage_entry: int
    entered_at: datetime
    renews_on: date | None
    tier: str | None = None
    term: int = 0
    term_began: datetime | None = None
    known_since: datetime | None = None


def account_facts(account: Account, term: Term | None) -> AccountFacts:
    """What planning has to know of this account, whose open term is `term`."""
    a, began = account, term.began_at if term else None
    where = (a.id, a.stage, a.stage_entry, a.stage_entered_at, a.renews_on, a.tier)
    return AccountFacts(*where, term.number if term else 0, began, a.created_at)


def renewal_date(playbook: Playbook, account: AccountFacts) -> date | None:
    """When the account renews: on its date, else a year after its term's start."""
    if account.renews_on is not None or account.term_began is None:
        return account.renews_on
    local_date = playbook.calendar(MANAGER).local_date
    known_since = account.known_since or account.term_began
    return assumed_renewal(local_date(account.term_began), local_date(known_since))
