"""Who took part: each department's share in an account, and departments that were silent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.actions.work import Work
from bot.messages.accounts import participation as messages
from bot.messages.kit.message import Message
from bot.rules import participation as rules
from bot.rules.participation import Touch
from bot.rules.playbook.playbook import MANAGER, Playbook
from db.core.tx import Tx
from db.models import Account
from db.participation import participation

if TYPE_CHECKING:
    from bot.actions.digests.facts import DigestScope

MONTHS = 6


def participation_line(work: Work, account: Account) -> str:
    """ "Taking part …"; empty for an account nobody has done anything for."""
    counts = rules.count_by_department(
        _touches_since(
            work.tx, work.playbook, account, work.now - timedelta(days=rules.WINDOW_DAYS)
        )
    )
    return messages.quarter(_counts_by_name(work.playbook, counts)) if counts else ""


def monthly_participation(work: Work, account: Account) -> Message:
    """Each department's share in the last six months."""
    touches = _touches_since(
        work.tx, work.playbook, account, work.now - timedelta(days=31 * MONTHS)
    )
    found = list(rules.count_by_month(touches).items())[:MONTHS]
    return messages.months(
        account.name, [(at, _counts_by_name(work.playbook, each)) for at, each in found]
    )


def gather_silent(desk: DigestScope) -> tuple[list[messages.Silent], int]:
    """Departments that have not touched an account for longer than the playbook allows, the
    longest first; a manager's digest has their own accounts, a department's only itself."""
    told = desk.playbook.participation
    limits = {
        key: length.rough_days
        for key, length in told.silent_after.items()
        if key in desk.playbook.departments and desk.scope.department in (None, key)
    }
    if not limits:
        return [], 0
    stages = told.stages or [stage.key for stage in desk.playbook.stages if not stage.exit]
    accounts = [
        row
        for row in participation.list_accounts_in(desk.tx, stages)
        if desk.scope.manager in (None, row.manager_id)
    ]
    last = _last_touches(desk, [row.id for row in accounts])
    found = [
        messages.Silent(desk.playbook.departments[key].name, row.name, days)
        for row in accounts
        for key, days in rules.silent_departments(
            last[row.id], desk.day(row.created_at), limits, desk.span.today
        ).items()
    ]
    found.sort(key=lambda each: (-each.days, each.account, each.department))
    return found[: messages.MAX_ROWS], len(found)


def _last_touches(desk: DigestScope, account_ids: list[int]) -> Mapping[int, dict[str, date]]:
    found: dict[int, dict[str, date]] = defaultdict(dict)
    for account_id, department, at in participation.list_last_touches(desk.tx, account_ids):
        key = department or desk.playbook.without_manager
        day = desk.day(at)
        found[account_id][key] = max(day, found[account_id].get(key, day))
    return found


def _touches_since(tx: Tx, playbook: Playbook, account: Account, since: datetime) -> list[Touch]:
    """What a manager did counts for the department they are in."""
    calendar = playbook.calendar(MANAGER)
    found = []
    for owner, department, at in participation.list_done(tx, account.id, since):
        key = (department or playbook.without_manager) if owner == MANAGER else owner
        found.append(Touch(key, calendar.local_date(at)))
    for department, at in participation.list_noted(tx, account.id, since):
        found.append(Touch(department, calendar.local_date(at)))
    return found


def _counts_by_name(playbook: Playbook, counts: Counter[str]) -> dict[str, Any]:
    """By name, in the playbook's order; those that did nothing too."""
    return {each.name: counts[key] for key, each in playbook.departments.items()}
