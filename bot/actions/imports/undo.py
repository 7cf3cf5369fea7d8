"""Takes the last import back, as far as nobody has built on it since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from bot.actions.actor import IMPORT
from bot.rules.errors import UserError
from bot.rules.imports.merge import Known, current_value, to_json
from bot.rules.imports.owners import Owner
from bot.rules.imports.result import UndoResult
from bot.rules.text.names import key, slug
from db.core.tx import Tx
from db.imports import imports, runs
from db.imports import undo as imports_undo
from db.models import ImportRun
from db.ops import audit
from db.terms import terms

_NOTED = "something was noted in its terms"


class _ChangedAccount(NamedTuple):
    """A note of `ImportChange` for an account."""

    account_id: int
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass
class _RunChanges:
    """What a run noted, by kind; lists have the last first."""

    made: dict[int, int] = field(default_factory=dict)  # account id -> version it left behind
    changed: list[_ChangedAccount] = field(default_factory=list)
    touchpoints: list[_ChangedAccount] = field(default_factory=list)
    terms: list[tuple[int, dict[str, Any] | None, dict[str, Any]]] = field(default_factory=list)
    aliases: list[int] = field(default_factory=list)


@dataclass
class _Undoing:
    """What came of taking back so far."""

    accounts: dict[int, Known]
    busy: set[tuple[int, int]]
    noted: set[int]
    left: dict[int, str] = field(default_factory=dict)
    restored: set[int] = field(default_factory=set)
    moves: list[tuple[int, int]] = field(default_factory=list)
    versions: dict[int, tuple[int, int]] = field(default_factory=dict)  # before the import, now


def undo_last_import(tx: Tx, now: datetime) -> UndoResult:
    """Takes the newest import back that was not; `UserError` when there is none.

    Accounts it made are deleted and values it changed are put back, unless something has
    happened with them since: those stay as they are and are named.
    """
    run = runs.last_run(tx)
    if run is None:
        raise UserError("There is no import to take back.")
    notes = _read_changes(imports_undo.list_changes(tx, run.id))
    undoing = _start_undo(tx, notes)
    deleted = _removable_accounts(tx, notes, undoing)
    for changed in notes.changed:
        if changed.account_id not in notes.made:
            _restore_values(tx, undoing, changed)
    planned = imports_undo.delete_planned(tx, [*deleted, *sorted(undoing.restored)], run.at)
    events = imports_undo.delete_events(
        tx, {one for one in undoing.left if one in notes.made}, run.at
    )
    imports_undo.delete_moves(tx, undoing.moves)
    _restore_terms(tx, notes, undoing)
    _delete_aliases(tx, notes, undoing)
    imports_undo.delete_accounts(tx, deleted)
    for one in notes.touchpoints:
        if one.account_id not in undoing.left:
            imports_undo.restore_touchpoint(tx, one.account_id, one.after, one.before)
    _close_run(tx, run, undoing, now)
    left = [(undoing.accounts[one].name, why) for one, why in undoing.left.items()]
    return UndoResult(run.source, len(deleted), len(undoing.restored), planned, events, left)


def _read_changes(changes: Sequence[Any]) -> _RunChanges:
    notes = _RunChanges()
    for table, row_id, before, after in changes:
        if table == "alias":
            notes.aliases.append(row_id)
        elif table == "term":
            notes.terms.append((row_id, before, after))
        elif table == "touchpoint":
            notes.touchpoints.append(_ChangedAccount(row_id, before, after))
        else:
            if before is not None:
                notes.changed.append(_ChangedAccount(row_id, before, after))
            else:
                notes.made[row_id] = after["version"]
    for changed in reversed(notes.changed):
        if changed.account_id in notes.made:
            notes.made[changed.account_id] = changed.after["version"]
    return notes


def _start_undo(tx: Tx, notes: _RunChanges) -> _Undoing:
    derived = _accounts_dated_by_deals(tx, notes)
    ids = [*notes.made, *(one.account_id for one in notes.changed)]
    wanted = {*ids, *derived}
    everyone = map(Known._make, imports.list_known_accounts(tx))
    accounts = {account.id: account for account in everyone if account.id in wanted}
    return _Undoing(
        accounts, imports_undo.nudged_stage_entries(tx, ids), terms.accounts_with_notes(tx, derived)
    )


def _removable_accounts(tx: Tx, notes: _RunChanges, undoing: _Undoing) -> list[int]:
    """The accounts that can go; those with which something has happened go to `undoing.left`."""
    ids = [one for one in notes.made if one in undoing.accounts]
    logged = imports_undo.accounts_with_records(tx, ids)
    busy = {account_id for account_id, _ in undoing.busy}
    theirs = set(notes.aliases)
    named = {owner for alias, owner in imports_undo.list_aliases(tx, ids) if alias not in theirs}
    for one in ids:
        if undoing.accounts[one].version != notes.made[one]:
            undoing.left[one] = "it was changed since"
        elif one in logged:
            undoing.left[one] = "something was logged"
        elif one in busy:
            undoing.left[one] = "a touchpoint was nudged"
        elif one in named:
            undoing.left[one] = "it got an alias"
    return [one for one in ids if one not in undoing.left]


def _restore_values(tx: Tx, undoing: _Undoing, changed: _ChangedAccount) -> None:
    """Gives an account the values back that are still the import's."""
    account = undoing.accounts.get(changed.account_id)
    if account is None:
        return
    fields = [name for name in changed.before if name not in ("stage_entry", "stage_entered_at")]
    mine = [name for name in fields if _is_unchanged_since(undoing, account, changed, name)]
    theirs = [name for name in fields if name not in mine]
    if theirs:
        changed_since = f"{', '.join(theirs).replace('_', ' ')} changed since"
        undoing.left[account.id] = _NOTED if account.id in undoing.noted else changed_since
    if not mine:
        return
    if "stage" in mine:
        undoing.moves.append((account.id, account.stage_entry))
    columns = _columns_before(changed.before, mine)
    imports.update_accounts(tx, [(account.id, account.version, columns)])
    same = {name: value for name, value in columns.items() if name in Known._fields}
    undoing.accounts[account.id] = account._replace(**same, version=account.version + 1)
    if account.version == changed.after["version"]:
        undoing.versions[account.id] = (changed.after["version"] - 1, account.version + 1)
    undoing.restored.add(account.id)


def _is_unchanged_since(
    undoing: _Undoing, account: Known, changed: _ChangedAccount, name: str
) -> bool:
    if to_json(current_value(account, name)) != changed.after[name]:
        return False
    if name != "stage":
        return True
    entry = account.stage_entry
    is_busy = (account.id, entry) in undoing.busy or account.id in undoing.noted
    return entry == changed.after["stage_entry"] and not is_busy


def _columns_before(before: dict[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name in fields:
        value = before[name]
        if name == "owner":
            columns["manager_id"], columns["owner_name"] = Owner(*value)
        elif name == "renews_on":
            columns[name] = None if value is None else date.fromisoformat(value)
        elif name == "name":
            columns |= {"name": value, "name_key": key(value), "slug": slug(value)}
        else:
            columns[name] = value
    if "stage" in fields:
        columns["stage_entry"] = before["stage_entry"]
        columns["stage_entered_at"] = datetime.fromisoformat(before["stage_entered_at"])
    return columns


def _restore_terms(tx: Tx, notes: _RunChanges, undoing: _Undoing) -> None:
    """Takes back the terms that the import began, ended or gave other dates, unless they are
    those of an account that stays where the import moved it."""
    moved = {account_id for account_id, _ in undoing.moves}
    stays = {one.account_id for one in notes.changed if "stage" in one.before} - moved
    for term_id, before, after in notes.terms:
        account_id = terms.account_id_of(tx, term_id)
        if account_id is None or account_id in notes.made or account_id in stays:
            continue
        if account_id in undoing.noted:
            undoing.left.setdefault(account_id, _NOTED)
        elif before is None:
            terms.undo_begin(tx, term_id, _parse_time(after.get("ended_at")))
        elif "derived" in after:
            undoing.restored.add(account_id)
            terms.restore_dates(tx, term_id, _term_dates(after), _term_dates(before))
        else:
            ended_at = datetime.fromisoformat(after["ended_at"])
            terms.undo_end(tx, term_id, ended_at, _parse_time(before["check_at"]))


def _accounts_dated_by_deals(tx: Tx, notes: _RunChanges) -> list[int]:
    """The accounts whose terms the import dated by their deals: nothing was noted in those."""
    derived = [term_id for term_id, _, after in notes.terms if "derived" in after]
    found = {terms.account_id_of(tx, term_id) for term_id in derived}
    return sorted(one for one in found if one is not None)


def _term_dates(noted: dict[str, Any]) -> dict[str, Any]:
    times = {name: _parse_time(noted[name]) for name in ("began_at", "ended_at", "check_at")}
    return {**times, "outcome": noted["outcome"]}


def _parse_time(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)


def _delete_aliases(tx: Tx, notes: _RunChanges, undoing: _Undoing) -> None:
    """Deletes the import's aliases, but those of accounts that are left as they are."""
    left = {
        alias
        for alias, account_id in imports_undo.list_aliases(tx, list(undoing.left))
        if account_id in notes.made
    }
    imports_undo.delete_aliases(tx, [alias for alias in notes.aliases if alias not in left])


def _close_run(tx: Tx, run: ImportRun, undoing: _Undoing, now: datetime) -> None:
    run.undone_at = now
    tx.flush()
    imports_undo.update_recorded_versions(tx, undoing.versions)
    audit.record(
        tx,
        now=now,
        by=None,
        source=IMPORT.source,
        verb="import.undone",
        subject=f"import:{run.id}",
        detail={"file": run.source},
    )
