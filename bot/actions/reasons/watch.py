"""Accounts at risk and accounts to watch, as messages show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.actions.reasons.reasons import Watch, WatchedAccount
from bot.actions.work import Work
from bot.messages.reasons.reasons import reason_text
from bot.messages.reasons.watch import MAX_ROWS, RiskyAccount, WatchView
from bot.rules.reasons import Reason
from db.contracts import contracts
from db.digests import readers


def build_view(
    work: Work,
    watch: Watch,
    today: date,
    *,
    reader: str | None,
    department: str | None = None,
    most: int = MAX_ROWS,
) -> WatchView:
    """The lists for a `reader`, whose own accounts name no manager; a department reads of its own
    silence only."""
    watched = [
        WatchedAccount(each.account, others)
        for each in (*watch.at_risk, *watch.later, *watch.others)
        if (others := [one for one in each.reasons if _is_to_watch(one, department)])
    ]
    shown = [each[:most] for each in (watch.at_risk, watch.later, watched)]
    managers = {each.account.manager_id for some in shown for each in some}
    names = readers.display_names(work.tx, {one for one in managers if one and one != reader})
    accounts = {each.account.id: each.account for some in shown for each in some}
    stakes = contracts.stakes(work.tx, accounts.values(), work.playbook.value.currency)

    def rows(some: Sequence[WatchedAccount]) -> tuple[RiskyAccount, ...]:
        return tuple(
            RiskyAccount(
                account=each.account.name,
                renews_on=each.account.renews_on,
                worth=stakes.get(each.account.id),
                manager=names.get(each.account.manager_id or ""),
                reasons=tuple(
                    reason_text(one, work.playbook, today) for one in each.risks or each.reasons
                ),
            )
            for each in some
        )

    at_risk, later, to_watch = map(rows, shown)
    return WatchView(
        at_risk, len(watch.at_risk), watch.renewing, later, len(watch.later), to_watch, len(watched)
    )


def _is_to_watch(reason: Reason, department: str | None) -> bool:
    if reason.kind == "silent":
        return department in (None, reason.key)
    return not reason.is_risk
