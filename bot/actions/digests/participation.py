"""Who took part: each department's share in an account, and departments that were silent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bot.actions.work import Work
from bot.messages.accounts import participation as messages
from bot.messages.kit.message import Message
from bot.rules import participation as rules
from bot.rules.participation import Touch
from bot.rules.playbook.playbook import MANAGER, Playbook
from db.models import Account
from db.participation import participation

if TYPE_CHECKING:
    from bot.actions.digests.facts import DigestScope

MONTHS = 6


def participation_line(work: Work, account: Account) -> str:
    """ "Taking part …"; empty for an account nobody has done anything for."""
    counts = rules.count_by_department(_recent_touches(work, account, rules.WINDOW_DAYS))
    return messages.quarter(_counts_by_name(work.playbook, counts)) if counts else ""


def monthly_participation(work: Work, account: Account) -> Message:
    """Each department's share in the last six months."""
    by_month = rules.count_by_month(_recent_touches(work, account, 31 * MONTHS))
    newest = list(by_month.items())[:MONTHS]
    rows = [(month, _counts_by_name(work.playbook, counts)) for month, counts in newest]
    return messages.months(account.name, rows)


def gather_silent(within: DigestScope) -> tuple[list[messages.Silent], int]:
    """Departments that have not touched an account for longer than the playbook allows.

    The longest silence first, and how many there are. A manager's digest has their own accounts, a
    department's only itself.
    """
    section = within.playbook.participation
    limits = {
        key: length.rough_days
        for key, length in section.silent_after.items()
        if key in within.playbook.departments and within.scope.department in (None, key)
    }
    if not limits:
        return [], 0
    stages = section.stages or [stage.key for stage in within.playbook.stages if not stage.exit]
    accounts = [
        row
        for row in participation.list_accounts_in(within.tx, stages)
        if within.scope.manager in (None, row.manager_id)
        if section.only_for is None or section.only_for.includes(row.tier)
    ]
    last = _last_touches(within, [row.id for row in accounts])
    silent = [
        messages.Silent(within.playbook.departments[key].name, row.name, days)
        for row in accounts
        for key, days in rules.silent_departments(
            last[row.id], within.day(row.created_at), limits, within.span.today
        ).items()
    ]
    silent.sort(key=lambda each: (-each.days, each.account, each.department))
    return silent[: messages.MAX_ROWS], len(silent)


def _last_touches(within: DigestScope, account_ids: list[int]) -> Mapping[int, dict[str, date]]:
    last: dict[int, dict[str, date]] = defaultdict(dict)
    for account_id, department, at in participation.list_last_touches(within.tx, account_ids):
        key = department or within.playbook.without_manager
        day = within.day(at)
        last[account_id][key] = max(day, last[account_id].get(key, day))
    return last


def _recent_touches(work: Work, account: Account, days: int) -> list[Touch]:
    """What was done in so many days; a manager's work counts for the department they are in."""
    since, calendar = work.now - timedelta(days=days), work.playbook.calendar(MANAGER)
    touches = []
    for owner, department, at in participation.list_done(work.tx, account.id, since):
        key = (department or work.playbook.without_manager) if owner == MANAGER else owner
        touches.append(Touch(key, calendar.local_date(at)))
    for department, at in participation.list_noted(work.tx, account.id, since):
        touches.append(Touch(department, calendar.local_date(at)))
    return touches


def _counts_by_name(playbook: Playbook, counts: Counter[str]) -> dict[str, Any]:
    """The counts by name, in the playbook's order, with the departments that did nothing."""
    return {each.name: counts[key] for key, each in playbook.departments.items()}
