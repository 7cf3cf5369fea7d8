"""Who took part: each department's share in an account, and departments that were silent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from bot.messages.accounts import participation as messages
from bot.rules import participation as rules
from db.participation import participation

if TYPE_CHECKING:
    from bot.actions.digests.facts import DigestScope

MONTHS = 6


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
