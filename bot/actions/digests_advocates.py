"""Gathers who became an advocate this week and how, and the favours that were done."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from bot.actions.digests_facts import Desk
from bot.messages.digest_advocates import MOST, Advocates, Became, Favour
from bot.rules.playbook import MANAGER
from db import accounts, advocacy, touchpoints
from db.models import Account, AdvocacyEntry


def advocates(desk: Desk) -> Advocates:
    """For the whole company's digest."""
    rows = advocacy.between(desk.tx, desk.span.since, desk.span.now)
    did = [row for row in rows if row.verb == "did"]
    moves = [
        change
        for change in accounts.moves_between(desk.tx, desk.span.since, desk.span.now)
        if change.to_stage == desk.playbook.destination
    ]
    ids = [row.account_id for row in did] + [change.account_id for change in moves]
    known = accounts.named(desk.tx, ids)
    became = [
        _became(desk, known[change.account_id], change.at)
        for change in moves
        if known[change.account_id].archived_at is None
    ]
    return Advocates([_favour(desk, known[row.account_id], row) for row in did], became)


def _became(desk: Desk, account: Account, at: datetime) -> Became:
    done: Counter[str] = Counter()
    for each in touchpoints.of_account(desk.tx, account.id or 0, ("done",)):
        key = desk.playbook.without_manager if each.owner == MANAGER else each.owner
        department = desk.playbook.departments.get(key)
        done[department.name if department else key] += 1
    stage = desk.playbook.stage(desk.playbook.destination)
    days = (desk.day(at) - desk.day(account.created_at)).days
    return Became(account.name, stage.name if stage else "", days, dict(done.most_common(MOST)))


def _favour(desk: Desk, account: Account, did: AdvocacyEntry) -> Favour:
    steps = {
        row.verb: row.on
        for row in advocacy.entries(desk.tx, [did.account_id])
        if row.act == did.act and row.at <= did.at
    }
    return Favour(account.name, did.act, steps.get("asked"), steps.get("agreed"))
