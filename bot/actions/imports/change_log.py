"""Writes an import's changes to accounts, and notes them so that they can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bot.rules.imports.ids import id_forms
from bot.rules.imports.merge import (
    AccountIndex,
    Difference,
    ImportHistory,
    Known,
    columns_to_save,
    describe_changes,
    resolve_differences,
    to_json,
)
from bot.rules.imports.owners import Owners
from bot.rules.imports.result import Change, Result
from db.core.tx import Tx
from db.imports import imports
from db.models import ImportChange, ImportRun, StageChange

#: (what is being done, how much of it, of how much)
Progress = Callable[[str, int, int], None]


@dataclass
class ChangeLog:
    """Rows made and changed by an import or a piece of it, which all carry the time `at`."""

    at: datetime
    changes: list[dict[str, Any]] = field(default_factory=list)
    entered: list[int] = field(default_factory=list)  # accounts that came into a stage
    moved: list[int] = field(default_factory=list)  # those of them that left another one
    renewed: list[int] = field(default_factory=list)  # accounts with another renewal date
    retiered: list[int] = field(default_factory=list)  # accounts of another tier
    dealt: list[int] = field(default_factory=list)  # accounts that a list of deals speaks of
    interactions: int = 0
    cancelled: int = 0  # touchpoints of stages that were left
    planned: int = 0
    derived: int = 0  # accounts whose terms won deals tell of

    @property
    def is_empty(self) -> bool:
        return not self.changes and not self.interactions

    def note(
        self, table: str, row_id: int, before: dict[str, Any] | None, after: dict[str, Any]
    ) -> None:
        """Notes a row made (`before` is None) or changed."""
        self.changes.append({"table": table, "row_id": row_id, "before": before, "after": after})

    def change(self, table: str, row: Any, values: Mapping[str, Any]) -> bool:
        """Gives a row those of the values that differ, and notes them; says whether any did."""
        new = {name: value for name, value in values.items() if value != getattr(row, name)}
        if new:
            before = {name: to_json(getattr(row, name)) for name in new}
            self.note(table, row.id, before, {name: to_json(v) for name, v in new.items()})
            row.sqlmodel_update(new)
        return bool(new)

    def write(self, tx: Tx, run_id: int) -> None:
        """Saves the changes as those of a run."""
        for change in self.changes:
            change["run_id"] = run_id
        imports.insert_many(tx, ImportChange, self.changes)

    def take(self, piece: ChangeLog) -> None:
        """Adds what a piece of the import did, whose changes are written already."""
        for name in (each.name for each in fields(self) if each.name not in ("at", "changes")):
            setattr(self, name, getattr(self, name) + getattr(piece, name))


def find_known_accounts(
    tx: Tx, keys: Collection[str], external_ids: Collection[str]
) -> AccountIndex:
    """The accounts that have one of these names, aliases or ids of the CRM."""
    aliases = imports.list_aliases_among(tx, keys)
    rows = [
        *imports.list_known_among(tx, "name_key", keys),
        *imports.list_known_among(tx, "external_id", id_forms(set(external_ids))),
        *imports.list_known_among(tx, "id", {account_id for _, account_id in aliases}),
    ]
    return AccountIndex.of({row[0]: Known._make(row) for row in rows}.values(), aliases)


def resume_log(tx: Tx, run: ImportRun) -> ChangeLog:
    """What an interrupted run has done so far."""
    log = ChangeLog(run.at)
    for account_id, before, after in imports.list_account_changes(tx, run.id):
        if before is None or "stage" in after:
            log.entered.append(account_id)
        elif "renews_on" in after:
            log.renewed.append(account_id)
        if before is not None and "tier" in after:
            log.retiered.append(account_id)
    return log


def _load_history(tx: Tx, kind: str, differences: Sequence[Difference]) -> dict[int, ImportHistory]:
    ids = [difference.account.id for difference in differences]
    said: dict[int, dict[str, Any]] = {account_id: {} for account_id in ids}
    wrote: dict[int, dict[str, Any]] = {account_id: {} for account_id in ids}
    for account_id, after in imports.iterate_import_values(tx, ids):
        wrote[account_id] |= after
        if after.get("by") == kind:
            said[account_id] |= after
    movers = imports.last_move_sources(tx, ids)
    return {i: ImportHistory(said[i], wrote[i], movers.get(i) == "import") for i in ids}


def write_differences(
    tx: Tx,
    kind: str,
    differences: Sequence[Difference],
    owners: Owners,
    log: ChangeLog,
    result: Result,
    origins: Mapping[int, tuple[datetime, str]] = MappingProxyType({}),
    may_move: Callable[[Known, str, ImportHistory], bool] = lambda *_: True,
) -> list[Known]:
    """Writes the differences that people in Slack have not overruled, noting each. Returns the
    renamed accounts. `origins` may tell by account id when it came into its stage and what follows
    the description of its change; `may_move` says whether it may come into a stage."""
    history = _load_history(tx, kind, differences)
    updates, moves, renamed = [], [], []
    for difference in differences:
        account, past = difference.account, history[difference.account.id]
        values, kept = resolve_differences(difference, past, owners)
        result.kept += kept
        if "stage" in values and not may_move(account, values["stage"], past):
            del values["stage"]
        if not values:
            continue
        entered_at, reason = origins.get(account.id, (log.at, ""))
        what = describe_changes(account, values, owners) + reason
        result.changes.append(Change(account.name, False, what))
        columns = columns_to_save(account, values, entered_at)
        updates.append((account.id, account.version, columns))
        if "name" in values:
            renamed.append(account)
        _log_account(log, kind, account, values)
        if "stage" in values:
            entry = account.stage_entry + 1
            move = {"stage_entry": entry, "term": account.term, "from_stage": account.stage}
            moves.append(stage_change_row(account.id, values["stage"], log.at) | move)
        result.updated += 1
    imports.update_accounts(tx, updates)
    imports.insert_many(tx, StageChange, moves)
    return renamed


def _log_account(log: ChangeLog, kind: str, account: Known, values: dict[str, Any]) -> None:
    before = {name: to_json(getattr(account, name)) for name in values}
    after = {name: to_json(value) for name, value in values.items()}
    if "stage" in values:
        before["stage_entered_at"] = to_json(account.stage_entered_at)
        before["stage_entry"] = account.stage_entry
        after["stage_entry"] = account.stage_entry + 1
        log.entered.append(account.id)
        log.moved.append(account.id)
    elif "renews_on" in values:
        log.renewed.append(account.id)
    if "tier" in values:
        log.retiered.append(account.id)
    after |= {"by": kind, "version": account.version + 1}
    log.note("account", account.id, before, after)


def stage_change_row(account_id: int, stage: str, at: datetime) -> dict[str, Any]:
    """The columns of the first stage change of an account that comes in."""
    return {
        "account_id": account_id,
        "stage_entry": 1,
        "term": 1,
        "from_stage": None,
        "to_stage": stage,
        "source": "import",
        "at": at,
    }
