"""Plans the touchpoints of imported accounts: from now on, and spread so that nobody is flooded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions.imports_ledger import Ledger, Progress
from bot.actions.nudging import cancel
from bot.actions.planning import AccountFacts, rows_for
from bot.actions.plays import play_of
from bot.rules.calendar import WorkingCalendar
from bot.rules.import_merge import Known
from bot.rules.import_result import Planned
from bot.rules.playbook import MANAGER, Playbook
from bot.rules.spread import spread
from db import imports
from db.models import Touchpoint
from db.tx import Tx

_MOVED = "an import moved the account"
_TOO_LATE = "an import changed the renewal date"


def plan_imported(
    tx: Tx, playbook: Playbook, ledger: Ledger, now: datetime, progress: Progress
) -> Planned:
    """Plans for every account that an import brought into a stage or gave another renewal date."""
    progress("Planning touchpoints", 0, 1)
    cancelled = _cancel_moved(tx, playbook, ledger, now)
    wanted = {*ledger.entered, *ledger.renewed}
    accounts = {
        account.id: account
        for account in map(Known._make, imports.known_accounts(tx) if wanted else ())
        if account.id in wanted and not account.archived
    }
    entered = [accounts[one] for one in dict.fromkeys(ledger.entered) if one in accounts]
    rows = list(_rows(playbook, entered, now))
    renewed = [accounts[one] for one in dict.fromkeys(ledger.renewed) if one in accounts]
    rows += _reschedule(tx, playbook, renewed, ledger, now)
    placed = _spread(tx, playbook, rows, accounts)
    for row in placed:
        row.update(source="import", state_at=ledger.at)
    imports.insert(tx, Touchpoint, placed)
    progress("Planning touchpoints", 1, 1)
    return Planned(len(placed), _fullest(playbook, placed, accounts), cancelled)


def _rows(playbook: Playbook, accounts: Iterable[Known], now: datetime) -> Iterable[dict[str, Any]]:
    """Touchpoints by account. Accounts of one stage, entry and renewal date have the same ones."""
    patterns: dict[tuple[str, datetime, date | None], list[dict[str, Any]]] = {}
    for account in accounts:
        mark = (account.stage, account.stage_entered_at, account.renews_on)
        if mark not in patterns:
            patterns[mark] = rows_for(playbook, _facts(account), now, importing=True)
        for row in patterns[mark]:
            yield {**row, "account_id": account.id, "stage_entry": account.stage_entry}


def _facts(account: Known) -> AccountFacts:
    return AccountFacts(
        account.id,
        account.stage,
        account.stage_entry,
        account.stage_entered_at,
        account.renews_on,
    )


def _cancel_moved(tx: Tx, playbook: Playbook, ledger: Ledger, now: datetime) -> int:
    """Takes back what the old stages of moved accounts had open, noting what was only planned."""
    open_ones = imports.open_touchpoints(tx, list(dict.fromkeys(ledger.moved)))
    for touchpoint in open_ones:
        _cancel(tx, playbook, touchpoint, _MOVED, ledger, now)
    return len(open_ones)


def _cancel(
    tx: Tx, playbook: Playbook, touchpoint: Touchpoint, why: str, ledger: Ledger, now: datetime
) -> None:
    assert touchpoint.id is not None
    if touchpoint.state == "planned" and touchpoint.snoozed_until is None:
        ledger.note("touchpoint", touchpoint.id, _as_it_was(touchpoint), {"state": "cancelled"})
    cancel(tx, playbook, touchpoint, why, now)


def _as_it_was(touchpoint: Touchpoint) -> dict[str, Any]:
    return {
        "state": "planned",
        "due_at": touchpoint.due_at.isoformat(),
        "state_at": touchpoint.state_at.isoformat(),
        "source": touchpoint.source,
    }


def _reschedule(
    tx: Tx, playbook: Playbook, accounts: list[Known], ledger: Ledger, now: datetime
) -> list[dict[str, Any]]:
    """Moves what is planned around a renewal to its new date; returns what is to be planned."""
    ids = [account.id for account in accounts]
    rows = {(row["account_id"], row["play"]): row for row in _rows(playbook, accounts, now)}
    for touchpoint in imports.open_touchpoints(tx, ids):
        row = rows.get((touchpoint.account_id, touchpoint.play))
        if touchpoint.state == "planned" and _around_renewal(playbook, touchpoint):
            _move(tx, playbook, touchpoint, row, ledger, now)
    known = imports.plays_planned(tx, ids)
    entries = {account.id: account.stage_entry for account in accounts}
    return [row for mark, row in rows.items() if (mark[0], entries[mark[0]], mark[1]) not in known]


def _around_renewal(playbook: Playbook, touchpoint: Touchpoint) -> bool:
    play = play_of(playbook, touchpoint)
    return play is not None and play.due.needs_renewal


def _move(
    tx: Tx,
    playbook: Playbook,
    touchpoint: Touchpoint,
    row: dict[str, Any] | None,
    ledger: Ledger,
    now: datetime,
) -> None:
    """Gives a planned touchpoint its new time; one whose time has gone by is cancelled."""
    assert touchpoint.id is not None
    if row is None:
        _cancel(tx, playbook, touchpoint, _TOO_LATE, ledger, now)
    elif row["due_at"] != touchpoint.due_at:
        after = {"state": "planned", "due_at": row["due_at"].isoformat()}
        ledger.note("touchpoint", touchpoint.id, _as_it_was(touchpoint), after)
        imports.set_due(tx, touchpoint.id, row["due_at"])


def _owner(playbook: Playbook, row: dict[str, Any], accounts: dict[int, Known]) -> str:
    """Who will be nudged: a department, or the manager's user id."""
    if row["owner"] != MANAGER:
        return str(row["owner"])
    return accounts[row["account_id"]].manager_id or playbook.without_manager


def _spread(
    tx: Tx, playbook: Playbook, rows: list[dict[str, Any]], accounts: dict[int, Known]
) -> list[dict[str, Any]]:
    """Spreads the rows; what prepares a renewal never comes after it."""
    zones = imports.time_zones(tx)
    before_renewal = _before_renewal(playbook)

    def calendar_of(owner: Hashable) -> WorkingCalendar:
        calendar = playbook.calendar(str(owner))
        zone = zones.get(str(owner))
        return replace(calendar, zone=ZoneInfo(zone)) if zone else calendar

    def latest_of(row: dict[str, Any]) -> date | None:
        bound = (row["stage"], row["play"]) in before_renewal
        return accounts[row["account_id"]].renews_on if bound else None

    return spread(
        rows,
        calendar_of=calendar_of,
        owner_of=lambda row: _owner(playbook, row, accounts),
        latest_of=latest_of,
    )


def _before_renewal(playbook: Playbook) -> set[tuple[str, str]]:
    """(stage, play) of the plays that prepare a renewal."""
    return {
        (stage.key, play.key)
        for stage in playbook.stages
        for play in stage.plays
        if play.due.kind == "before renewal"
    }


def _fullest(playbook: Playbook, rows: Iterable[dict[str, Any]], accounts: dict[int, Known]) -> int:
    """The most touchpoints that one owner got on one day."""
    days = Counter((_owner(playbook, row, accounts), row["due_at"].date()) for row in rows)
    return max(days.values(), default=0)
