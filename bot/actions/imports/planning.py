"""Plans the touchpoints of imported accounts: from now on, and spread so that nobody is flooded."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bot.actions.imports.change_log import ChangeLog
from bot.actions.terms.terms import TERM_KINDS
from bot.actions.touchpoints.account_facts import AccountFacts, renewal_date
from bot.actions.touchpoints.nudging import cancel
from bot.actions.touchpoints.planning import is_by_date, is_paused, missing_rows
from bot.actions.touchpoints.plays import find_play
from bot.actions.work import Work
from bot.rules.imports.merge import to_json
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.time.calendar import WorkingCalendar
from bot.rules.time.spread import spread_rows
from db.core.tx import Tx
from db.imports import imports
from db.models import Touchpoint

_MOVED = "an import moved the account"
_TOO_LATE = "an import changed the renewal date"


@dataclass(frozen=True)
class Plan:
    """The touchpoints an import is to plan, spread over the days; none is written yet."""

    accounts: dict[int, _Account]
    rows: dict[int, list[dict[str, Any]]]  # account id -> touchpoints
    fullest: int  # the most that one owner gets on one day


class _Account(NamedTuple):
    """A live account as planning needs it."""

    facts: AccountFacts
    manager: str | None


def plan_ahead(work: Work, log: ChangeLog) -> Plan:
    """The plan for every account that an import brought into a stage or tier, or gave another
    renewal date. What an interrupted run has planned stays, and counts towards the load of its
    days."""
    new = dict.fromkeys([*log.entered, *log.retiered])
    accounts = _live_accounts(work.tx, {*new, *log.renewed})
    before = [
        {"account_id": account_id, "owner": owner, "due_at": due_at}
        for account_id, owner, due_at in imports.list_planned_at(work.tx, list(accounts), log.at)
    ]
    planned = {row["account_id"] for row in before}
    known = _known_touchpoints(work.tx, accounts)
    rows: list[dict[str, Any]] = []
    entered = [i for i in new if i in accounts and i not in planned]
    patterns: dict[AccountFacts, list[dict[str, Any]]] = {}
    for i in entered:
        rows += _rows_of_entered(work, accounts[i].facts, known.get(i, ()), patterns)
    for i in dict.fromkeys(log.renewed):
        if i in accounts and i not in entered:
            rows += _after_renewal(work, accounts[i].facts, known.get(i, ()))[0]
    placed = _spread_rows(work, rows, accounts, before)
    by_account: dict[int, list[dict[str, Any]]] = defaultdict(list)
    days: Counter[tuple[str, date]] = Counter()
    for row in placed:
        row.update(source="import", state_at=log.at)
        by_account[row["account_id"]].append(row)
        days[_nudged_owner(work.playbook, row, accounts), row["due_at"].date()] += 1
    return Plan(accounts, by_account, max(days.values(), default=0))


def write_plan(work: Work, plan: Plan, ids: Sequence[int], log: ChangeLog) -> None:
    """Writes the plan of those of the accounts that have not changed since it was made."""
    accounts = _live_accounts(work.tx, ids)
    _reschedule(work, {i: accounts[i] for i in log.renewed if i in accounts}, log)
    same = [i for i in ids if i in accounts and accounts[i] == plan.accounts.get(i)]
    rows = [row for i in same for row in plan.rows.get(i, ())]
    imports.insert_many(work.tx, Touchpoint, rows)
    log.planned += len(rows)


def _live_accounts(tx: Tx, ids: Collection[int]) -> dict[int, _Account]:
    rows = imports.list_for_planning(tx, ids)
    return {row[0]: _Account(AccountFacts(*row[:-1]), row[-1]) for row in rows}


def _known_touchpoints(tx: Tx, ids: Collection[int]) -> dict[int, list[Touchpoint]]:
    known: dict[int, list[Touchpoint]] = defaultdict(list)
    for touchpoint in imports.list_of_plays(tx, list(ids)):
        known[touchpoint.account_id].append(touchpoint)
    return known


def _rows_of_entered(
    work: Work,
    account: AccountFacts,
    known: Sequence[Touchpoint],
    patterns: dict[AccountFacts, list[dict[str, Any]]],
) -> Iterable[dict[str, Any]]:
    """The touchpoints of an account that came into a stage, computed once for all alike."""
    if known:
        yield from missing_rows(work.playbook, account, known, work.now, importing=True)
        return
    alike = replace(account, id=0, stage_entry=1)
    if alike not in patterns:
        patterns[alike] = missing_rows(work.playbook, account, (), work.now, importing=True)
    for row in patterns[alike]:
        entry = account.stage_entry if row["stage_entry"] else 0
        yield row | {"account_id": account.id, "stage_entry": entry}


def _after_renewal(
    work: Work, account: AccountFacts, known: Sequence[Touchpoint]
) -> tuple[list[dict[str, Any]], list[tuple[Touchpoint, datetime | None]]]:
    """What another renewal date asks for anew, and when what is planned already is due by it; None
    if it no longer is."""
    movable = {}
    for touchpoint in known:
        play = find_play(work.playbook, touchpoint)
        is_unsent = touchpoint.state == "planned" and touchpoint.nudge_id is None
        if play is None or not is_unsent or touchpoint.snoozed_until is not None:
            continue
        if play.due.needs_renewal or is_paused(work.playbook, play, account, touchpoint.due_at):
            movable[touchpoint.stage, touchpoint.play] = touchpoint
    moved = list(movable.values())
    rows = missing_rows(work.playbook, account, known, work.now, moved, importing=True)
    by_play = {(row["stage"], row["play"]): row for row in rows if is_by_date(work.playbook, row)}
    times = [(t, by_play.pop(place, {}).get("due_at")) for place, t in movable.items()]
    return list(by_play.values()), times


def cancel_moved(work: Work, log: ChangeLog) -> None:
    """Cancels open touchpoints of stages that accounts left, and of terms that ended so."""
    accounts = _live_accounts(work.tx, log.moved)
    for touchpoint in imports.list_open_touchpoints(work.tx, list(accounts)):
        stage = work.playbook.stage(accounts[touchpoint.account_id].facts.stage)
        has_left = stage is not None and stage.exit
        if touchpoint.kind in TERM_KINDS or touchpoint.term:
            ends = has_left
        else:
            ends = touchpoint.follows_playbook
        if ends:
            _cancel_touchpoint(work, touchpoint, _MOVED, log)
            log.cancelled += 1


def _cancel_touchpoint(work: Work, touchpoint: Touchpoint, why: str, log: ChangeLog) -> None:
    if touchpoint.state == "planned" and touchpoint.snoozed_until is None:
        _note_change(log, touchpoint, {"state": "cancelled"})
    cancel(work, touchpoint, why)


def _note_change(log: ChangeLog, touchpoint: Touchpoint, after: dict[str, Any]) -> None:
    names = ("state", "due_at", "state_at", "source")
    before = {name: to_json(getattr(touchpoint, name)) for name in names}
    log.note("touchpoint", touchpoint.id, before, after)


def _reschedule(work: Work, accounts: dict[int, _Account], log: ChangeLog) -> None:
    known = _known_touchpoints(work.tx, accounts)
    for account_id, account in accounts.items():
        for touchpoint, due_at in _after_renewal(work, account.facts, known[account_id])[1]:
            if due_at is None:
                _cancel_touchpoint(work, touchpoint, _TOO_LATE, log)
            elif due_at != touchpoint.due_at:
                _note_change(log, touchpoint, {"state": "planned", "due_at": to_json(due_at)})
                imports.set_due_time(work.tx, touchpoint.id, due_at)


def _nudged_owner(playbook: Playbook, row: dict[str, Any], accounts: dict[int, _Account]) -> str:
    if row["owner"] != MANAGER:
        return str(row["owner"])
    return accounts[row["account_id"]].manager or playbook.without_manager


def _spread_rows(
    work: Work,
    rows: list[dict[str, Any]],
    accounts: dict[int, _Account],
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
        return renewal_date(playbook, accounts[row["account_id"]].facts) if bound else None

    return spread_rows(
        rows,
        calendar_of=calendar_of,
        owner_of=lambda row: _nudged_owner(playbook, row, accounts),
        latest_of=latest_of,
        placed_before=before,
    )
