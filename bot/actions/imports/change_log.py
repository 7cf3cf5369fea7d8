"""What an import notes while it works, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.rules.imports.merge import (
    AccountIndex,
    Difference,
    ImportHistory,
    Known,
    columns_to_save,
    current_value,
    to_json,
)
from bot.rules.imports.result import Result
from db.core.tx import Tx
from db.imports import imports, runs
from db.models import ImportChange, ImportRun, StageChange

#: (what is being done, how much of it, of how much)
Progress = Callable[[str, int, int], None]


@dataclass
class ChangeLog:
    """Rows made and changed by an import, or by a piece of it.

    `at` is the import's own instant, on every row it makes.
    """

    at: datetime
    changes: list[dict[str, Any]] = field(default_factory=list)
    entered: list[int] = field(default_factory=list)  # accounts that came into a stage
    moved: list[int] = field(default_factory=list)  # those of them that left another one
    renewed: list[int] = field(default_factory=list)  # accounts with another renewal date
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
        change = {"table": table, "row_id": row_id, "before": before, "after": after}
        self.changes.append(change)

    def write(self, tx: Tx, run_id: int) -> None:
        """Puts the notes into the database, as those of a run."""
        for change in self.changes:
            change["run_id"] = run_id
        imports.insert_many(tx, ImportChange, self.changes)

    def take(self, piece: ChangeLog) -> None:
        """Counts what a piece of the import did, whose notes are written."""
        self.entered += piece.entered
        self.moved += piece.moved
        self.renewed += piece.renewed
        self.dealt += piece.dealt
        self.interactions += piece.interactions
        self.cancelled += piece.cancelled
        self.planned += piece.planned
        self.derived += piece.derived


def load_index(tx: Tx) -> AccountIndex:
    """Every account and alias of the workspace."""
    return AccountIndex.of(
        map(Known._make, imports.list_known_accounts(tx)), imports.list_alias_keys(tx)
    )


def find_known_accounts(
    tx: Tx, keys: Collection[str], external_ids: Collection[str]
) -> AccountIndex:
    """The accounts that go by one of these names, aliases or ids of the CRM."""
    aliases = imports.list_aliases_among(tx, keys)
    found = [
        *imports.list_known_among(tx, "name_key", keys),
        *imports.list_known_among(tx, "external_id", external_ids),
        *imports.list_known_among(tx, "id", {account_id for _, account_id in aliases}),
    ]
    return AccountIndex.of({row[0]: Known._make(row) for row in found}.values(), aliases)


def resume_log(tx: Tx, run: ImportRun) -> ChangeLog:
    """What a run that was broken off has done so far."""
    ledger = ChangeLog(run.at)
    for account_id, before, after in runs.list_account_changes(tx, run.id):
        if before is None or "stage" in after:
            ledger.entered.append(account_id)
        elif "renews_on" in after:
            ledger.renewed.append(account_id)
    return ledger


def load_import_history(
    tx: Tx, kind: str, differences: Sequence[Difference]
) -> dict[int, ImportHistory]:
    """What earlier imports did to the accounts that differ: account id -> past."""
    ids = [found.account.id for found in differences]
    said: dict[int, dict[str, Any]] = {one: {} for one in ids}
    wrote: dict[int, dict[str, Any]] = {one: {} for one in ids}
    for account_id, after in imports.iterate_import_values(tx, ids):
        wrote[account_id] |= after
        if after.get("by") == kind:
            said[account_id] |= after
    movers = imports.last_move_sources(tx, ids)
    return {one: ImportHistory(said[one], wrote[one], movers.get(one) == "import") for one in ids}


def write_account_changes(
    tx: Tx,
    kind: str,
    settled: Iterable[tuple[Known, dict[str, Any], datetime]],
    ledger: ChangeLog,
    result: Result,
) -> None:
    """Writes changed accounts: (account, values, when it came into its stage), noting each."""
    updates, moves = [], []
    for account, values, entered_at in settled:
        columns = columns_to_save(account, values, entered_at)
        updates.append((account.id, account.version, columns))
        _log_account(ledger, kind, account, values)
        if "stage" in values:
            moves.append(_stage_values(account, values["stage"], ledger.at))
            ledger.entered.append(account.id)
            ledger.moved.append(account.id)
        elif "renews_on" in values:
            ledger.renewed.append(account.id)
        result.updated += 1
    imports.update_accounts(tx, updates)
    imports.insert_many(tx, StageChange, moves)


def _log_account(ledger: ChangeLog, kind: str, account: Known, values: dict[str, Any]) -> None:
    before = {name: to_json(current_value(account, name)) for name in values}
    after = {name: to_json(value) for name, value in values.items()}
    if "stage" in values:
        before["stage_entered_at"] = account.stage_entered_at.isoformat()
        before["stage_entry"] = account.stage_entry
        after["stage_entry"] = account.stage_entry + 1
    ledger.note(
        "account", account.id, before, {**after, "by": kind, "version": account.version + 1}
    )


def _stage_values(account: Known, stage: str, at: datetime) -> dict[str, Any]:
    return stage_change_row(account.id, stage, at) | {
        "stage_entry": account.stage_entry + 1,
        "term": account.term,
        "from_stage": account.stage,
    }


def stage_change_row(account_id: int, stage: str, at: datetime) -> dict[str, Any]:
    """The history row of an account that comes in."""
    return {
        "account_id": account_id,
        "stage_entry": 1,
        "term": 1,
        "from_stage": None,
        "to_stage": stage,
        "reason": None,
        "by_user": None,
        "source": "import",
        "at": at,
    }
