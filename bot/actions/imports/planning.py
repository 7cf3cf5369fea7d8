"""Plans the touchpoints of imported accounts: from now on, and spread so that nobody is flooded."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions.imports.change_log import ChangeLog
from bot.actions.touchpoints.nudging import cancel
from bot.actions.touchpoints.planning import AccountFacts, planned_rows
from bot.actions.touchpoints.plays import find_play
from bot.actions.work import Work
from bot.rules.imports.merge import Known
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.time.calendar import WorkingCalendar
from bot.rules.time.spread import spread_rows
from db.core.tx import Tx
from db.imports import imports, runs
from db.models import Touchpoint

_MOVED = "an import moved the account"
_TOO_LATE = "an import changed the renewal date"


@dataclass(frozen=True)
class Plan:
    """The touchpoints an import is to plan, spread over the days; none is written yet."""

    accounts: dict[int, Known]
    rows: dict[int, list[dict[str, Any]]]  # account id -> touchpoints
    fullest: int  # the most that one owner gets on one day

    def of(self, account_ids: Sequence[int], now: dict[int, Known]) -> list[dict[str, Any]]:
        """The rows of those accounts that have not moved since the plan was made."""
        return [
            row
            for account_id in account_ids
            if _is_same(now.get(account_id), self.accounts.get(account_id))
            for row in self.rows.get(account_id, ())
        ]


def plan_ahead(work: Work, log: ChangeLog) -> Plan:
    """The plan for every account that an import brought into a stage or gave another renewal date.

    What an interrupted run has planned already stays, and counts towards the load of its days.
    """
    accounts = _live_accounts(work.tx, {*log.entered, *log.renewed})
    before = [
        {"account_id": account_id, "owner": owner, "due_at": due_at}
        for account_id, owner, due_at in runs.list_planned_at(work.tx, list(accounts), log.at)
    ]
    planned = {row["account_id"] for row in before}
    entered = [
        accounts[i] for i in dict.fromkeys(log.entered) if i in accounts and i not in planned
    ]
    renewed = [accounts[i] for i in dict.fromkeys(log.renewed) if i in accounts]
    rows = list(_touchpoint_rows(work, entered)) + _new_after_renewal(work, renewed)
    placed = _spread_rows(work, rows, accounts, before)
    by_account: dict[int, list[dict[str, Any]]] = defaultdict(list)
    days: Counter[tuple[str, date]] = Counter()
    for row in placed:
        row.update(source="import", state_at=log.at)
        by_account[row["account_id"]].append(row)
        days[_nudged_owner(work.playbook, row, accounts), row["due_at"].date()] += 1
    return Plan(accounts, by_account, max(days.values(), default=0))


def write_plan(work: Work, plan: Plan, ids: Sequence[int], log: ChangeLog) -> None:
    """Writes the plan of some accounts."""
    accounts = _live_accounts(work.tx, ids)
    _reschedule(work, [accounts[i] for i in log.renewed if i in accounts], log)
    rows = plan.of(ids, accounts)
    imports.insert_many(work.tx, Touchpoint, rows)
    log.planned += len(rows)


def _is_same(now: Known | None, then: Known | None) -> bool:
    """Whether nobody moved the account or changed its renewal date meanwhile."""
    if now is None or then is None:
        return False
    return (now.stage_entry, now.renews_on) == (then.stage_entry, then.renews_on)


def _live_accounts(tx: Tx, ids: Collection[int]) -> dict[int, Known]:
    known = map(Known._make, imports.list_known_among(tx, "id", ids))
    return {account.id: account for account in known if not account.archived}


def _touchpoint_rows(work: Work, accounts: Iterable[Known]) -> Iterable[dict[str, Any]]:
    """The columns of the accounts' touchpoints, computed once for each stage, entry time and
    renewal date."""
    patterns: dict[tuple[str, datetime, date | None], list[dict[str, Any]]] = {}
    for account in accounts:
        mark = (account.stage, account.stage_entered_at, account.renews_on)
        if mark not in patterns:
            entry, entered_at = account.stage_entry, account.stage_entered_at
            facts = AccountFacts(account.id, account.stage, entry, entered_at, account.renews_on)
            patterns[mark] = planned_rows(work.playbook, facts, work.now, importing=True)
        for row in patterns[mark]:
            yield {**row, "account_id": account.id, "stage_entry": account.stage_entry}


def cancel_moved(work: Work, log: ChangeLog) -> None:
    """Cancels open touchpoints of the stages that accounts left; those only planned are noted."""
    for touchpoint in imports.list_open_touchpoints(work.tx, list(dict.fromkeys(log.moved))):
        _cancel_touchpoint(work, touchpoint, _MOVED, log)
        log.cancelled += 1


def _cancel_touchpoint(work: Work, touchpoint: Touchpoint, why: str, log: ChangeLog) -> None:
    if touchpoint.state == "planned" and touchpoint.snoozed_until is None:
        log.note("touchpoint", touchpoint.id, _values_before(touchpoint), {"state": "cancelled"})
    cancel(work, touchpoint, why)


def _values_before(touchpoint: Touchpoint) -> dict[str, Any]:
    return {
        "state": "planned",
        "due_at": touchpoint.due_at.isoformat(),
        "state_at": touchpoint.state_at.isoformat(),
        "source": touchpoint.source,
    }


def _reschedule(work: Work, accounts: list[Known], log: ChangeLog) -> None:
    """Moves what is planned around a renewal to its new date."""
    rows = _rows_by_play(work, accounts)
    for touchpoint in imports.list_open_touchpoints(work.tx, [account.id for account in accounts]):
        play = find_play(work.playbook, touchpoint)
        if touchpoint.state != "planned" or play is None or not play.due.needs_renewal:
            continue
        row = rows.get((touchpoint.account_id, touchpoint.play))
        if row is None:  # its new time has gone by already
            _cancel_touchpoint(work, touchpoint, _TOO_LATE, log)
        elif row["due_at"] != touchpoint.due_at:
            after = {"state": "planned", "due_at": row["due_at"].isoformat()}
            log.note("touchpoint", touchpoint.id, _values_before(touchpoint), after)
            imports.set_due_time(work.tx, touchpoint.id, row["due_at"])


def _rows_by_play(work: Work, accounts: list[Known]) -> dict[tuple[int, str], dict[str, Any]]:
    return {(row["account_id"], row["play"]): row for row in _touchpoint_rows(work, accounts)}


def _new_after_renewal(work: Work, accounts: list[Known]) -> list[dict[str, Any]]:
    """The touchpoints of accounts with another renewal date that their stage has not had yet."""
    known = imports.list_planned_plays(work.tx, [account.id for account in accounts])
    rows = _rows_by_play(work, accounts).values()
    return [r for r in rows if (r["account_id"], r["stage_entry"], r["play"]) not in known]


def _nudged_owner(playbook: Playbook, row: dict[str, Any], accounts: dict[int, Known]) -> str:
    """Who will be nudged: a department, or the manager's user id."""
    if row["owner"] != MANAGER:
        return str(row["owner"])
    return accounts[row["account_id"]].manager_id or playbook.without_manager


def _spread_rows(
    work: Work,
    rows: list[dict[str, Any]],
    accounts: dict[int, Known],
    before: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    """Spreads the rows over working days; what prepares a renewal never comes after it."""
    playbook, zones = work.playbook, imports.member_time_zones(work.tx)
    before_renewal = {
        (stage.key, play.key)
        for stage in playbook.stages
        for play in stage.plays
        if play.due.kind == "before renewal"
    }

    def calendar_of(owner: Hashable) -> WorkingCalendar:
        calendar = playbook.calendar(str(owner))
        zone = zones.get(str(owner))
        return replace(calendar, zone=ZoneInfo(zone)) if zone else calendar

    def latest_of(row: dict[str, Any]) -> date | None:
        bound = (row["stage"], row["play"]) in before_renewal
        return accounts[row["account_id"]].renews_on if bound else None

    return spread_rows(
        rows,
        calendar_of=calendar_of,
        owner_of=lambda row: _nudged_owner(playbook, row, accounts),
        latest_of=latest_of,
        placed_before=before,
    )
