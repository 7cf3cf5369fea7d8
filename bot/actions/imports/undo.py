"""Takes the last import back, but for accounts with which something has happened since."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from bot.actions.actor import IMPORT
from bot.rules.errors import UserError
from bot.rules.imports.merge import Known, columns_of, from_json, to_json
from bot.rules.imports.result import UndoResult
from db.core.tx import Tx
from db.imports import imports
from db.imports import undo as imports_undo
from db.models import ImportRun, Term
from db.ops import audit
from db.terms import terms

_NOTED = "something was noted in its terms"


class _Change(NamedTuple):
    """A row of `ImportChange`; `before` is empty for a row that the import made."""

    row_id: int
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass
class _Undo:
    """What the import changed by table, the last first, and what came of taking it back so far."""

    changes: dict[str, list[_Change]]
    made: dict[int, int]  # account id -> version it left behind
    accounts: dict[int, Known]
    busy: set[tuple[int, int]]  # (account id, stage entry) nudged
    noted: set[int]  # accounts with notes in dated terms
    left: dict[int, str] = field(default_factory=dict)  # account id -> why it stays as it is
    restored: set[int] = field(default_factory=set)
    moves: list[tuple[int, int]] = field(default_factory=list)  # (account id, stage entry)
    versions: dict[int, tuple[int, int]] = field(default_factory=dict)  # before the import, now


def undo_last_import(tx: Tx, now: datetime) -> UndoResult:
    """Takes the newest import back that was not; `UserError` when there is none. Accounts it made
    are deleted and values it changed are put back, unless something has happened with them since:
    those stay as they are and are named."""
    run = imports.last_run(tx)
    if run is None:
        raise UserError("There is no import to take back.")
    undo = _load(tx, run)
    deleted = _removable_accounts(tx, undo)
    for change in undo.changes["account"]:
        if change.row_id not in undo.made and change.row_id in undo.accounts:
            _restore_values(tx, undo, undo.accounts[change.row_id], change)
    planned = imports_undo.delete_planned(tx, [*deleted, *sorted(undo.restored)], run.at)
    events = imports_undo.delete_events(tx, undo.left.keys() & undo.made, run.at)
    imports_undo.delete_moves(tx, undo.moves)
    _restore_terms(tx, undo)
    stay = [account_id for account_id in undo.left if account_id in undo.made]
    kept = {alias_id for alias_id, _ in imports_undo.list_aliases(tx, stay)}
    aliases = [change.row_id for change in undo.changes["alias"]]
    imports_undo.delete_aliases(tx, [each for each in aliases if each not in kept])
    for table in ("contact", "contract"):
        for change in undo.changes[table]:
            imports_undo.restore_line(tx, table, *change)
    imports_undo.delete_accounts(tx, deleted)
    for change in undo.changes["touchpoint"]:
        if change.row_id not in undo.left:
            imports_undo.restore_touchpoint(tx, *change)
    _close_run(tx, run, undo, now)
    left = [(undo.accounts[account_id].name, why) for account_id, why in undo.left.items()]
    return UndoResult(run.source, len(deleted), len(undo.restored), planned, events, left)


def _load(tx: Tx, run: ImportRun) -> _Undo:
    changes: dict[str, list[_Change]] = defaultdict(list)
    for table, row_id, before, after in imports_undo.list_changes(tx, run.id):
        changes[table].append(_Change(row_id, before or {}, after))
    made = {each.row_id: each.after["version"] for each in changes["account"] if not each.before}
    for change in reversed(changes["account"]):
        if change.row_id in made:
            made[change.row_id] = change.after["version"]
    # Nothing was noted in terms that are dated by deals.
    dated_terms = [change.row_id for change in changes["term"] if "derived" in change.after]
    dated = sorted({i for term in dated_terms if (i := terms.account_id_of(tx, term)) is not None})
    ids = list(dict.fromkeys(change.row_id for change in changes["account"]))
    known = map(Known._make, imports.list_known_among(tx, "id", {*ids, *dated}))
    return _Undo(
        changes,
        made,
        accounts={account.id: account for account in known},
        busy=imports_undo.nudged_stage_entries(tx, ids),
        noted=terms.accounts_with_notes(tx, dated),
    )


def _removable_accounts(tx: Tx, undo: _Undo) -> list[int]:
    """The accounts that can go; those with which something has happened go to `undo.left`."""
    ids = [account_id for account_id in undo.made if account_id in undo.accounts]
    logged = imports_undo.accounts_with_records(tx, ids)
    nudged = {account_id for account_id, _ in undo.busy}
    own = {change.row_id for change in undo.changes["alias"]}
    aliases = imports_undo.list_aliases(tx, ids)
    named = {account_id for alias_id, account_id in aliases if alias_id not in own}
    for account_id in ids:
        if undo.accounts[account_id].version != undo.made[account_id]:
            undo.left[account_id] = "it was changed since"
        elif account_id in logged:
            undo.left[account_id] = "something was logged"
        elif account_id in nudged:
            undo.left[account_id] = "a touchpoint was nudged"
        elif account_id in named:
            undo.left[account_id] = "it got an alias"
    return [account_id for account_id in ids if account_id not in undo.left]


def _restore_values(tx: Tx, undo: _Undo, account: Known, change: _Change) -> None:
    fields = [name for name in change.before if name not in ("stage_entry", "stage_entered_at")]
    unchanged = [name for name in fields if _is_unchanged(undo, account, change, name)]
    overruled = [name for name in fields if name not in unchanged]
    if overruled:
        why = f"{', '.join(overruled).replace('_', ' ')} changed since"
        undo.left[account.id] = _NOTED if account.id in undo.noted else why
    if not unchanged:
        return
    columns = columns_of({name: from_json(name, change.before[name]) for name in unchanged})
    if "stage" in unchanged:
        undo.moves.append((account.id, account.stage_entry))
        columns["stage_entry"] = change.before["stage_entry"]
        columns["stage_entered_at"] = datetime.fromisoformat(change.before["stage_entered_at"])
    imports.update_accounts(tx, [(account.id, account.version, columns)])
    known = {name: value for name, value in columns.items() if name in Known._fields}
    undo.accounts[account.id] = account._replace(**known, version=account.version + 1)
    if account.version == change.after["version"]:
        undo.versions[account.id] = (account.version - 1, account.version + 1)
    undo.restored.add(account.id)


def _is_unchanged(undo: _Undo, account: Known, change: _Change, name: str) -> bool:
    """A stage counts as changed once it is worked in."""
    if to_json(getattr(account, name)) != change.after[name]:
        return False
    if name != "stage":
        return True
    entry = account.stage_entry
    is_busy = (account.id, entry) in undo.busy or account.id in undo.noted
    return entry == change.after["stage_entry"] and not is_busy


def _restore_terms(tx: Tx, undo: _Undo) -> None:
    """Takes back the terms that the import began, ended or gave other dates, unless they are those
    of an account that stays where the import moved it."""
    moved = {change.row_id for change in undo.changes["account"] if "stage" in change.before}
    stays = moved - {account_id for account_id, _ in undo.moves}
    for term_id, before, after in undo.changes["term"]:
        account_id = terms.account_id_of(tx, term_id)
        if account_id is None or account_id in undo.made or account_id in stays:
            continue
        if account_id in undo.noted:
            undo.left.setdefault(account_id, _NOTED)
        elif not before:
            terms.undo_begin(tx, term_id, from_json("ended_at", after.get("ended_at")))
        elif after.pop("derived", False):
            undo.restored.add(account_id)
            imports_undo.restore(tx, Term, term_id, before, after)
        else:
            before |= {"outcome": None, "renews_on": None}
            imports_undo.restore(tx, Term, term_id, before, after)


def _close_run(tx: Tx, run: ImportRun, undo: _Undo, now: datetime) -> None:
    run.undone_at = now
    tx.flush()
    imports_undo.update_recorded_versions(tx, undo.versions)
    audit.record(
        tx,
        now=now,
        by=IMPORT.user,
        source=IMPORT.source,
        verb="import.undone",
        subject=f"import:{run.id}",
        detail={"file": run.source},
    )
