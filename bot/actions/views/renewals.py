"""Accounts with their renewals, as a Home lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from bot.actions.facts.days import today as today_of
from bot.actions.reasons.reasons import Watch
from bot.actions.work import Work
from bot.messages.home.renewals import RenewalRow
from bot.messages.reasons.reasons import reason_text
from bot.rules.reasons import SOON_DAYS, Reason
from bot.rules.text.money import Money
from db.briefs import briefs
from db.digests import readers

NOTHING_WATCHED = Watch((), 0, (), ())
#: How far ahead a Home looks.
DAYS_AHEAD = SOON_DAYS


def risks_of(watch: Watch) -> dict[int, Sequence[Reason]]:
    """What is known against each account at risk, now or later."""
    return {each.account.id: each.risks for each in (*watch.at_risk, *watch.later)}


def renewal_rows(
    work: Work,
    accounts: Sequence[Any],
    reader: str,
    stakes: Mapping[int, Money],
    *,
    watch: Watch = NOTHING_WATCHED,
    missing: Mapping[int, str] = MappingProxyType({}),
    names_managers: bool = False,
) -> list[RenewalRow]:
    """The accounts for a reader, with what is at stake, what is known against them, and what is
    missing; with `names_managers` each says whose it is."""
    managers = {each.manager_id for each in accounts if each.manager_id} if names_managers else ()
    names = readers.display_names(work.tx, {*managers} - {reader}) if managers else {}
    ids = [each.id for each in accounts]
    with_brief = briefs.list_with_brief(work.tx, ids) if ids else set()
    risks, today = risks_of(watch), today_of(work)
    later = {each.account.id for each in watch.later}
    rows = []
    for each in accounts:
        name = "you" if each.manager_id == reader else names.get(each.manager_id or "", "")
        rows.append(
            RenewalRow(
                id=each.id,
                account=each.name,
                renews_on=each.renews_on,
                today=today,
                worth=stakes.get(each.id),
                manager=name if names_managers else "",
                link=_link(work.tx.workspace, each.manager_id) if name not in ("", "you") else "",
                reasons=[reason_text(one, work.playbook, today) for one in risks.get(each.id, ())],
                missing=missing.get(each.id, ""),
                is_later=each.id in later,
                has_brief=each.id in with_brief,
            )
        )
    return rows


def _link(workspace: str, user_id: str) -> str:
    """Opens a conversation with somebody."""
    return f"https://slack.com/app_redirect?team={workspace}&channel={user_id}"
