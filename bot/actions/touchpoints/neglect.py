"""Asks departments that have not touched an account for longer than the playbook allows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta
from typing import NamedTuple

from bot.actions.touchpoints.plays import plan_custom
from bot.actions.touchpoints.routing import owner_calendar
from bot.actions.work import Work
from bot.messages.kit.text import plain
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.text.words import plural
from bot.rules.time.schedule import local_instant
from db.accounts import accounts
from db.models import Account, Touchpoint
from db.participation import neglect, participation

_HELPS = "They decide about all of us, and hear from all of us."


class NeglectedAccount(NamedTuple):
    """A department that has not touched an account for too many days."""

    department: str
    account_id: int
    days: int


def find_neglected(work: Work) -> list[NeglectedAccount]:
    """The departments to ask and their accounts; reads much and writes nothing.

    Of one department never more than its channel may get in a day, those open already included.
    """
    return [
        neglected
        for department in work.playbook.participation.silent_after
        if department in work.playbook.departments
        for neglected in _find_for_department(work, department)
    ]


def ask_departments(work: Work, neglected: Sequence[NeglectedAccount]) -> int:
    """Asks about neglected accounts, unless another process just did; returns about how many."""
    asked = 0
    for department, account_id, days in neglected:
        account = accounts.by_id(work.tx, account_id)
        if account is not None and not neglect.is_asked(work.tx, account_id, department):
            _plan_touchpoint(work, department, account, days)
            asked += 1
    return asked


def resolved_reason(work: Work, touchpoint: Touchpoint, account: Account) -> str | None:
    """Why a department need not be asked any more; None as long as it need."""
    if touchpoint.kind != neglect.SILENCE_KIND:
        return None
    limit = work.playbook.participation.silent_after.get(touchpoint.owner)
    if limit is None:
        return "the playbook no longer asks for it"
    if account.stage not in _watched_stages(work.playbook):
        return "the account has moved on"
    since, stand_in = work.now - timedelta(days=limit.rough_days), work.playbook.without_manager
    if neglect.was_touched(work.tx, account.id, touchpoint.owner, since, stand_in):
        return f"{plain(work.playbook.departments[touchpoint.owner].name)} has been in touch"
    return None


def _find_for_department(work: Work, department: str) -> list[NeglectedAccount]:
    limit = work.playbook.participation.silent_after[department].rough_days
    room = work.playbook.attention.channel_a_day - neglect.count_open(work.tx, department)
    if room <= 0:
        return []
    calendar = work.playbook.calendar(MANAGER)
    today = calendar.local_date(work.now)
    untouched = neglect.list_untouched(
        work.tx,
        department,
        _watched_stages(work.playbook),
        local_instant(today - timedelta(days=limit), time(0), calendar.zone),
        of_managers=work.playbook.without_manager,
        limit=room,
    )
    # Since the department last touched the account, or since the account is known.
    last = {account.id: calendar.local_date(account.created_at) for account in untouched}
    for account_id, owner, at in participation.list_last_touches(work.tx, list(last)):
        if (owner or work.playbook.without_manager) == department:
            last[account_id] = max(last[account_id], calendar.local_date(at))
    return [NeglectedAccount(department, key, (today - day).days) for key, day in last.items()]


def _plan_touchpoint(work: Work, department: str, account: Account, days: int) -> None:
    name = plain(work.playbook.departments[department].name)
    long = plural(days, "day")
    plan_custom(
        work.tx,
        account,
        kind=neglect.SILENCE_KIND,
        key=neglect.touchpoint_key(department),
        owner=department,
        title=f"{name} has been silent for {long}",
        ask=f"{name} has not touched {{account}} for {long}. Do one small thing for them now: show "
        "a result, ask a question, warn them of something. Note under Done what it was.",
        helps=_HELPS,
        due_at=owner_calendar(work.tx, work.playbook, department, account).next_open(work.now),
        now=work.now,
        occurrence=neglect.count_asked(work.tx, account.id, department) + 1,
    )


def _watched_stages(playbook: Playbook) -> list[str]:
    named = playbook.participation.stages
    return [s.key for s in playbook.stages if (s.key in named if named else not s.exit)]
