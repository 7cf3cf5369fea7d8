"""Gathers the accounts that digests and Home tell of: at risk, not known enough, renewing soon."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from bot.actions.facts.days import today as today_of
from bot.actions.facts.gap_lines import missing_lines
from bot.actions.facts.renewal_dates import list_unknown_dates
from bot.actions.reasons.reasons import Watch, list_watched
from bot.actions.work import Work
from bot.messages.digests.portfolio import AccountRow, Portfolio
from bot.messages.facts.gaps import GapLine
from bot.messages.facts.known import MAX_UNKNOWN
from bot.messages.reasons.reasons import reason_text
from bot.rules.facts.live import exit_stages
from bot.rules.reasons import SOON_DAYS
from db.briefs import briefs
from db.contracts import contracts
from db.digests import readers
from db.reasons import reasons

#: More rows than this are not looked through.
MOST = 5000
#: So many accounts to be watched are named.
MAX_WATCHED = 3


def gather_portfolio(work: Work, *where: Any, reader: str = "", own_name: str = "") -> Portfolio:
    """The accounts that meet the conditions; the `reader`'s own are called `own_name`'s."""
    today, watch = today_of(work), list_watched(work, *where)
    renewing = list_renewing(work, SOON_DAYS, *where)
    missing = missing_lines(work, renewing)
    later = [each.account for each in watch.later]
    rows = account_rows(work, [*renewing, *later], watch, reader, own_name, missing)
    no_date = list_unknown_dates(work, MAX_UNKNOWN, *where)
    return Portfolio(
        renewing=rows[: len(renewing)],
        later=rows[len(renewing) :],
        watched=[
            (each.account.name, reason_text(each.reasons[0], work.playbook, today))
            for each in watch.others[:MAX_WATCHED]
        ],
        watched_count=len(watch.others),
        no_date=[row.name for row in no_date],
        no_date_count=no_date[0].total if no_date else 0,
        currency=work.playbook.value.currency,
    )


def list_renewing(work: Work, days: int, *where: Any) -> list[Any]:
    """The live accounts that renew within so many days, as rows, the soonest first."""
    today, exits = today_of(work), exit_stages(work.playbook)
    return reasons.list_renewing(work.tx, exits, today, today + timedelta(days=days), *where)


def account_rows(
    work: Work,
    accounts: Sequence[Any],
    watch: Watch,
    reader: str,
    own_name: str = "",
    missing: Mapping[int, Sequence[GapLine]] = MappingProxyType({}),
) -> list[AccountRow]:
    """The accounts as a reader is told of them."""
    known = {each.account.id: each.risks for each in (*watch.at_risk, *watch.later)}
    with_brief = briefs.list_with_brief(work.tx, [each.id for each in accounts])
    stakes = contracts.stakes(work.tx, accounts, work.playbook.value.currency)
    managers = {each.manager_id for each in accounts if each.manager_id} - {reader}
    names = readers.display_names(work.tx, managers)
    workspace, today = work.tx.workspace, today_of(work)
    return [
        AccountRow(
            id=each.id,
            name=each.name,
            renews_on=each.renews_on,
            today=today,
            worth=stakes.get(each.id),
            manager_id=each.manager_id,
            manager=own_name if each.manager_id == reader else names.get(each.manager_id or "", ""),
            link=_link(workspace, each.manager_id) if each.manager_id in names else "",
            tier=each.tier,
            risks=[reason_text(one, work.playbook, today) for one in known.get(each.id, ())],
            missing=missing.get(each.id, ()),
            has_brief=each.id in with_brief,
        )
        for each in accounts
    ]


def _link(workspace: str, user_id: str) -> str:
    """Opens a conversation with somebody."""
    return f"https://slack.com/app_redirect?team={workspace}&channel={user_id}"
