"""Terms of customers who have none yet: from their won deals, or since they entered their stage."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from dateutil.relativedelta import relativedelta

from bot.actions.touchpoints.planning import plan_term
from bot.actions.work import Work
from bot.rules.imports.merge import Known
from bot.rules.terms import is_customer, term_plays, term_start_dates
from db.imports import imports
from db.models import Account, Term
from db.terms import terms

#: Accounts that get their terms in one transaction.
BATCH_SIZE = 500
PLAN_BATCH_SIZE = 100
#: A day without a time is taken as noon: the same date in nearly every time zone.
_NOON = time(12, tzinfo=UTC)
RENEWED = "renewed"


def begin_missing_terms(work: Work, after: int) -> int | None:
    """Begins terms for customers without one, left by an older program or another playbook. Returns
    the highest account id looked at, None after the last account."""
    stages = [stage.key for stage in work.playbook.stages if is_customer(work.playbook, stage.key)]
    customers = terms.list_customers_without_term(work.tx, stages, after, BATCH_SIZE)
    if not customers:
        return None
    ids = [account.id for account, _ in customers]
    won, noted = imports.won_deal_dates(work.tx, ids), terms.accounts_with_notes(work.tx, ids)
    new: list[dict[str, Any]] = []
    for account, began_at in customers:
        days = won.get(account.id)
        if days and account.id not in noted:
            new += term_rows_from_deals(account, days, work.now)
            account.term = new[-1]["number"]
        else:
            new.append(term_without_deals(account, account.term, began_at, work.now))
    imports.insert_many(work.tx, Term, new)
    return ids[-1] if len(ids) == BATCH_SIZE else None


def plan_missing_plays(work: Work, after: int) -> int | None:
    """Plans the plays of the term for customers who were here before terms had plays: from now on,
    what is past is not asked. Returns the highest account id looked at, None after the last."""
    if not any(term_plays(work.playbook)):
        return None
    exits = [stage.key for stage in work.playbook.stages if stage.exit]
    unplanned = terms.list_unplanned(work.tx, exits, after, PLAN_BATCH_SIZE)
    for account, term in unplanned:
        plan_term(work, account, term)
    return unplanned[-1][0].id if len(unplanned) == PLAN_BATCH_SIZE else None


def term_rows_from_deals(
    account: Account | Known, won: Sequence[date], at: datetime
) -> list[dict[str, Any]]:
    """The terms of a customer as rows, oldest first and the last one open: the first won deal
    begins a term, each renewal the next."""
    begun = [min(at, datetime.combine(day, _NOON)) for day in term_start_dates(won)]
    ends = [*begun[1:], None]
    numbered = enumerate(zip(begun, ends, strict=True), 1)
    return [term_row(account, number, began, ended) for number, (began, ended) in numbered]


def term_without_deals(
    account: Account | Known, number: int, began_at: datetime, at: datetime
) -> Any:
    """The only term of a customer without deals, as a row: since `began_at`, or since the year
    before its renewal date if that is later."""
    began_at = min(began_at, at)
    if account.renews_on is not None:
        year_before = datetime.combine(account.renews_on - relativedelta(years=1), _NOON)
        began_at = max(began_at, year_before) if year_before <= at else began_at
    return term_row(account, number, began_at, None)


def term_row(
    account: Account | Known, number: int, began_at: datetime, ended_at: datetime | None
) -> dict[str, Any]:
    return {
        "account_id": account.id,
        "number": number,
        "began_at": began_at,
        "ended_at": ended_at,
        "outcome": None if ended_at is None else RENEWED,
        "source": "import",
    }
