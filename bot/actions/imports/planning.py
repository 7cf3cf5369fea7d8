"""Plans the touchpoints of imported accounts: from now on, and spread so that nobody is flooded."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
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
    """What an import is to plan, spread over the days; nothing of it is written yet."""

    accounts: dict[int, Known]
    rows: dict[int, list[dict[str, Any]]]  # account id -> touchpoints
    fullest: int  # the most that one owner gets on one day

    def of(self, account_ids: Sequence[int], now: dict[int, Known]) -> list[dict[str, Any]]:
        """The rows of those accounts that still are where they were when it was made."""
        return [
            row
            for one in account_ids
            if (known := now.get(one)) is not None and _still_fits(known, self.accounts.get(one))
            for row in self.rows.get(one, ())
        ]


def plan_ahead(work: Work, ledger: ChangeLog) -> Plan:
    """The plan for every account that an import brought into a stage or gave another renewal date.

    What a run that was broken off has planned already stays, and keeps its room.
    """
    wanted = {*ledger.entered, *ledger.renewed}
    known = map(Known._make, imports.list_known_among(work.tx, "id", wanted))
    accounts = {account.id: account for account in known if not account.archived}
    before = [
        {"account_id": account_id, "owner": owner, "due_at": due_at}
        for account_id, owner, due_at in runs.list_planned_at(work.tx, list(accounts), ledger.at)
    ]
    planned = {row["account_id"] for row in before}
    entered = [
        accounts[one]
        for one in dict.fromkeys(ledger.entered)
        if one in accounts and one not in planned
    ]
    rows = list(_touchpoint_rows(work.playbook, entered, work.now))
    renewed = [accounts[one] for one in dict.fromkeys(ledger.renewed) if one in accounts]
    rows += _without_planned(
        work.tx, renewed, _rows_after_renewal(work.playbook, renewed, work.now)
    )
    placed = _spread_rows(work.tx, work.playbook, rows, accounts, before)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in placed:
        row.update(source="import", state_at=ledger.at)
        found[row["account_id"]].append(row)
    return Plan(accounts, found, _fullest_day(work.playbook, placed, accounts))


def write_plan(work: Work, plan: Plan, ids: Sequence[int], ledger: ChangeLog) -> None:
    """Writes the plan of some accounts."""
    known = map(Known._make, imports.list_known_among(work.tx, "id", ids))
    accounts = {account.id: account for account in known if not account.archived}
    renewed = [accounts[one] for one in ledger.renewed if one in accounts]
    _reschedule(work, renewed, ledger)
    rows = plan.of(ids, accounts)
    imports.insert_many(work.tx, Touchpoint, rows)
    ledger.planned += len(rows)


def _still_fits(now: Known, then: Known | None) -> bool:
    """Whether the plan still fits: nobody moved the account or changed its renewal meanwhile."""
    return then is not None and (now.stage_entry, now.renews_on) == (
        then.stage_entry,
        then.renews_on,
    )


def _touchpoint_rows(
    playbook: Playbook, accounts: Iterable[Known], now: datetime
) -> Iterable[dict[str, Any]]:
    """Touchpoints by account. Accounts of one stage, entry and renewal date have the same ones."""
    patterns: dict[tuple[str, datetime, date | None], list[dict[str, Any]]] = {}
    for account in accounts:
        mark = (account.stage, account.stage_entered_at, account.renews_on)
        if mark not in patterns:
            patterns[mark] = planned_rows(playbook, _account_facts(account), now, importing=True)
        for row in patterns[mark]:
            yield {**row, "account_id": account.id, "stage_entry": account.stage_entry}


def _account_facts(account: Known) -> AccountFacts:
    return AccountFacts(
        account.id, account.stage, account.stage_entry, account.stage_entered_at, account.renews_on
    )


def cancel_moved(work: Work, ledger: ChangeLog) -> None:
    """Takes back what the old stages of moved accounts had open, noting what was only planned."""
    for touchpoint in imports.list_open_touchpoints(work.tx, list(dict.fromkeys(ledger.moved))):
        _cancel_touchpoint(work, touchpoint, _MOVED, ledger)
        ledger.cancelled += 1


def _cancel_touchpoint(work: Work, touchpoint: Touchpoint, why: str, ledger: ChangeLog) -> None:
    if touchpoint.state == "planned" and touchpoint.snoozed_until is None:
        ledger.note("touchpoint", touchpoint.id, _values_before(touchpoint), {"state": "cancelled"})
    cancel(work, touchpoint, why)


def _values_before(touchpoint: Touchpoint) -> dict[str, Any]:
    return {
        "state": "planned",
        "due_at": touchpoint.due_at.isoformat(),
        "state_at": touchpoint.state_at.isoformat(),
        "source": touchpoint.source,
    }


def _reschedule(work: Work, accounts: list[Known], ledger: ChangeLog) -> None:
    """Moves what is planned around a renewal to its new date."""
    rows = _rows_after_renewal(work.playbook, accounts, work.now)
    for touchpoint in imports.list_open_touchpoints(work.tx, [account.id for account in accounts]):
        row = rows.get((touchpoint.account_id, touchpoint.play))
        if touchpoint.state == "planned" and _depends_on_renewal(work.playbook, touchpoint):
            _reschedule_touchpoint(work, touchpoint, row, ledger)


def _rows_after_renewal(
    playbook: Playbook, accounts: list[Known], now: datetime
) -> dict[tuple[int, str], dict[str, Any]]:
    return {
        (row["account_id"], row["play"]): row for row in _touchpoint_rows(playbook, accounts, now)
    }


def _without_planned(
    tx: Tx, accounts: list[Known], rows: dict[tuple[int, str], dict[str, Any]]
) -> list[dict[str, Any]]:
    """The rows of plays that the accounts' stages have not had yet."""
    known = imports.list_planned_plays(tx, [account.id for account in accounts])
    entries = {account.id: account.stage_entry for account in accounts}
    return [row for mark, row in rows.items() if (mark[0], entries[mark[0]], mark[1]) not in known]


def _depends_on_renewal(playbook: Playbook, touchpoint: Touchpoint) -> bool:
    play = find_play(playbook, touchpoint)
    return play is not None and play.due.needs_renewal


def _reschedule_touchpoint(
    work: Work, touchpoint: Touchpoint, row: dict[str, Any] | None, ledger: ChangeLog
) -> None:
    """Gives a planned touchpoint its new time; one whose time has gone by is cancelled."""
    if row is None:
        _cancel_touchpoint(work, touchpoint, _TOO_LATE, ledger)
    elif row["due_at"] != touchpoint.due_at:
        after = {"state": "planned", "due_at": row["due_at"].isoformat()}
        ledger.note("touchpoint", touchpoint.id, _values_before(touchpoint), after)
        imports.set_due_time(work.tx, touchpoint.id, row["due_at"])


def _nudged_owner(playbook: Playbook, row: dict[str, Any], accounts: dict[int, Known]) -> str:
    """Who will be nudged: a department, or the manager's user id."""
    if row["owner"] != MANAGER:
        return str(row["owner"])
    return accounts[row["account_id"]].manager_id or playbook.without_manager


def _spread_rows(
    tx: Tx,
    playbook: Playbook,
    rows: list[dict[str, Any]],
    accounts: dict[int, Known],
    before: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    """Spreads the rows; what prepares a renewal never comes after it."""
    zones = imports.member_time_zones(tx)
    before_renewal = _plays_before_renewal(playbook)

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


def _plays_before_renewal(playbook: Playbook) -> set[tuple[str, str]]:
    """(stage, play) of the plays that prepare a renewal."""
    return {
        (stage.key, play.key)
        for stage in playbook.stages
        for play in stage.plays
        if play.due.kind == "before renewal"
    }


def _fullest_day(
    playbook: Playbook, rows: Iterable[dict[str, Any]], accounts: dict[int, Known]
) -> int:
    """The most touchpoints that one owner got on one day."""
    days = Counter((_nudged_owner(playbook, row, accounts), row["due_at"].date()) for row in rows)
    return max(days.values(), default=0)
