"""Gathers the accounts that a digest tells of: at risk, not known enough, renewing soon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.actions.digests.scopes import DigestScope
from bot.actions.facts.gap_lines import missing_names
from bot.actions.facts.renewal_dates import list_unknown_dates
from bot.actions.reasons.reasons import list_watched
from bot.actions.reasons.watch import build_view
from bot.messages.digests.portfolio import NotKnown, Portfolio, RenewingAccount
from bot.messages.reasons.watch import MAX_ROWS
from bot.rules.facts.live import exit_stages
from bot.rules.reasons import SOON_DAYS
from db.contracts import contracts
from db.digests import digests

#: More rows than this are not looked through.
MOST = 5000


def gather_portfolio(within: DigestScope, most: int = MAX_ROWS) -> Portfolio:
    """The accounts of a digest's scope; the first so many of those at risk."""
    work = within.work
    watch = list_watched(work, within.accounts)
    rows = renewal_rows(within)
    unknown = list_unknown_dates(work, 1, within.accounts)
    reader, department = within.scope.manager, within.scope.department
    return Portfolio(
        watch=build_view(
            work, watch, within.span.today, reader=reader, department=department, most=most
        ),
        renewing=list_renewing(within, rows),
        at_risk=frozenset(each.account.id for each in watch.at_risk),
        not_known=list_not_known(within, rows),
        no_date=unknown[0].total if unknown else 0,
    )


def renewal_rows(within: DigestScope) -> list[Any]:
    """The accounts that renew within 90 days, the soonest first."""
    today, exits = within.span.today, exit_stages(within.playbook)
    until = today + timedelta(days=SOON_DAYS)
    return digests.list_renewals(within.tx, within.scope, within.span, today, until, exits)


def list_renewing(within: DigestScope, rows: Sequence[Any]) -> list[RenewingAccount]:
    stakes = contracts.stakes(within.tx, rows, within.playbook.value.currency)
    return [RenewingAccount(r.id, r.name, r.renews_on, stakes.get(r.id)) for r in rows]


def list_not_known(within: DigestScope, rows: Sequence[Any]) -> list[NotKnown]:
    """Those of the accounts of which not enough is known, each with what is missing."""
    missing = missing_names(within.work, rows)
    return [NotKnown(row.name, missing[row.id].split(", ")) for row in rows if row.id in missing]
