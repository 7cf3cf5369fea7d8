"""Gathers the company's digest, once a week for its channel and whenever it is asked for."""

from __future__ import annotations

from datetime import time

from bot.actions.digests.chart import build_renewals_ahead, can_show
from bot.actions.digests.portfolio import gather_portfolio
from bot.actions.digests.scopes import DigestScope, company_week, gather_done
from bot.actions.touchpoints import standing
from bot.actions.work import Work
from bot.messages.digests import company as messages
from bot.messages.digests.rows import opens
from bot.messages.kit.message import Message
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.calendar import local_instant
from db.accounts import accounts
from db.advocacy import advocacy
from db.digests import readers


def company_post(work: Work) -> Message:
    """The digest as it is posted, with its picture where one can be shown."""
    return messages.company_digest(gather_company(work), with_picture=can_show(work))


def company_digest(work: Work) -> Message:
    """The digest as it would be now, with the chart's numbers in words."""
    return messages.company_digest(gather_company(work))


def gather_company(work: Work) -> messages.CompanyDigest:
    within = company_week(work)
    open_work = standing.count_by_owner(work)
    names = {key: own.name for key, own in work.playbook.departments.items()}
    names[MANAGER] = "account managers"
    unclaimed = [
        (name, sum(row.unclaimed for row in open_work if row.whose == key))
        for key, name in names.items()
    ]
    return messages.CompanyDigest(
        today=within.span.today,
        opens=opens("company", within.span.since, within.span.now),
        portfolio=gather_portfolio(work, within.accounts),
        counts=standing.add_up(work, open_work),
        unclaimed=sorted(unclaimed, key=lambda each: -each[1]),
        done=gather_done(within),
        advocates=list_advocates(within),
        ahead=build_renewals_ahead(work),
    )


def list_advocates(within: DigestScope) -> list[str]:
    """Favours that customers did this quarter, and accounts that became advocates, newest first."""
    today, now = within.span.today, within.work.now
    began = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    since = local_instant(began, time(), within.zone)
    entries = advocacy.list_entries_between(within.tx, since, now)
    destination = within.playbook.destination
    moves = accounts.list_moves_between(within.tx, since, now)
    arrived = [(m.at, m.account_id, None) for m in moves if m.to_stage == destination]
    did = [(e.at, e.account_id, e) for e in entries if e.verb == "did"]
    news = sorted([*arrived, *did], key=lambda each: each[0], reverse=True)
    known = accounts.by_ids(within.tx, [account_id for _, account_id, _ in news])
    names = readers.display_names(within.tx, {e.by_user for _, _, e in did if e.by_user})
    stage = within.playbook.stage(destination)
    return [
        messages.advocate_line(
            known[account_id].name,
            entry.act if entry else f"now in {stage.name if stage else destination}",
            names.get(entry.by_user or "") if entry else None,
        )
        for _, account_id, entry in news
        if known[account_id].archived_at is None
    ]
