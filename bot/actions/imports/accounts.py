"""Brings in a file of accounts."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.actions.imports.change_log import (
    ChangeLog,
    find_known_accounts,
    load_import_history,
    load_index,
    stage_change_row,
    write_account_changes,
)
from bot.rules.imports.accounts import AccountLine, read_accounts
from bot.rules.imports.csv_file import Sheet
from bot.rules.imports.dates import Order
from bot.rules.imports.headings import Columns
from bot.rules.imports.merge import (
    AccountIndex,
    Comparison,
    Known,
    compare,
    describe_changes,
    external_ids,
    resolve_differences,
)
from bot.rules.imports.owners import Owners, SlackMember
from bot.rules.imports.result import Change, Result
from bot.rules.imports.stages import StageWords
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.names import key, slug
from bot.rules.text.words import plural
from db.core.tx import Tx
from db.imports import imports
from db.models import Account, Alias, StageChange

KIND = "accounts"
DETAIL_FIELDS = ("sector", "country")  # what is known of an account beside its name


@dataclass(frozen=True)
class AccountsFile:
    """A file of accounts that was understood: its lines, without what can never come in."""

    lines: Sequence[AccountLine]
    owners: Owners
    start: str  # the stage of an account that is new and has none
    ids: Set[str]  # the CRM's, of the whole file
    names: Set[str]  # of the accounts that are new
    result: Result


def parse_accounts(
    tx: Tx,
    playbook: Playbook,
    sheet: Sheet,
    columns: Columns,
    words: StageWords,
    dates: Order | None,
) -> AccountsFile:
    """Reads a sheet and compares it with what is known; UserError when it cannot be understood."""
    owners = load_owners(tx)
    lines, rejects = read_accounts(sheet, columns, words, owners, dates)
    ids = external_ids(lines)
    found = compare(lines, load_index(tx), ids)
    rejected = {reject.row for reject in found.rejects}
    return AccountsFile(
        [line for line in lines if line.row not in rejected],
        owners,
        words.asked.get("", playbook.stages[0].key),
        ids,
        {line.name_key for line in found.new},
        Result(rejects=sorted(rejects + found.rejects)),
    )


def write_accounts(
    file: AccountsFile, tx: Tx, lines: Sequence[AccountLine], ledger: ChangeLog
) -> Result:
    """Adds and updates the accounts of some lines of a file."""
    keys = {line.name_key for line in lines}
    keys |= {key(alias) for line in lines for alias in line.aliases}
    book = find_known_accounts(tx, keys, external_ids(lines))
    found = compare(lines, book, file.ids)
    result = Result(rejects=found.rejects, kept=list(found.archived))
    new = [(line, line.stage or file.start, ledger.at) for line in found.new]
    ids = add_accounts(tx, new, ledger, KIND)
    _report_added(result, found.new, file)
    renamed = _update_accounts(tx, found, file.owners, ledger, result)
    for account in renamed:  # the old name is free to become an alias
        book.by_key.pop(account.name_key, None)
    book.by_alias |= find_known_accounts(tx, {account.name_key for account in renamed}, ()).by_alias
    wanted = [(ids[line.name_key], alias) for line in found.new for alias in line.aliases]
    wanted += [(account.id, alias) for account, line in found.met for alias in line.aliases]
    wanted += [(account.id, account.name) for account in renamed]
    taken: dict[str, int | None] = {**dict.fromkeys(file.names), **ids}
    _add_aliases(tx, wanted, taken, book, ledger, result)
    result.unchanged = len(found.met) - result.updated
    return result


def report_missing_stages(file: AccountsFile) -> None:
    """Says how many accounts came without a stage, and where they are now."""
    result = file.result
    if result.silent:
        result.notes.append(
            f"{plural(result.silent, 'account')} came without a stage and start in {file.start}; "
            'another one: --stage "=STAGE".'
        )


def load_owners(tx: Tx) -> Owners:
    """Everybody in Slack who can be an account's manager."""
    return Owners(map(SlackMember._make, imports.list_possible_managers(tx)))


def add_accounts(
    tx: Tx, new: Sequence[tuple[AccountLine, str, datetime]], ledger: ChangeLog, kind: str
) -> dict[str, int]:
    """Adds (line, stage, when it came into it); returns name key -> id."""
    if not new:
        return {}
    imports.insert_many(tx, Account, [_account_row(*one, ledger.at) for one in new])
    ids = imports.ids_by_key(tx, [line.name_key for line, _, _ in new])
    moves = [stage_change_row(ids[line.name_key], stage, ledger.at) for line, stage, _ in new]
    imports.insert_many(tx, StageChange, moves)
    for line, stage, _ in new:
        account_id = ids[line.name_key]
        ledger.note("account", account_id, None, _values_in_file(line, stage, kind))
        ledger.entered.append(account_id)
    return ids


def _account_row(
    line: AccountLine, stage: str, entered_at: datetime, now: datetime
) -> dict[str, Any]:
    return {
        "name": line.name,
        "name_key": line.name_key,
        "slug": slug(line.name),
        "stage": stage,
        "stage_entered_at": entered_at,
        "stage_entry": 1,
        "term": 1,
        "manager_id": line.owner.user_id,
        "owner_name": line.owner.name,
        "renews_on": line.renews_on,
        "external_id": line.external_id,
        "sector": line.sector,
        "country": line.country,
        "created_at": now,
        "version": 1,
    }


def _values_in_file(line: AccountLine, stage: str, kind: str) -> dict[str, Any]:
    """What the file said of a new account, for telling later what people changed since."""
    said: dict[str, Any] = {"by": kind, "stage": stage, "name": line.name, "version": 1}
    if line.renews_on is not None:
        said["renews_on"] = line.renews_on.isoformat()
    if line.owner != (None, None):
        said["owner"] = list(line.owner)
    said |= {name: value for name in DETAIL_FIELDS if (value := getattr(line, name)) is not None}
    return said


def _report_added(result: Result, new: Sequence[AccountLine], file: AccountsFile) -> None:
    result.added = len(new)
    told = (_describe_added(line, file.start, file.owners) for line in new)
    result.changes += (Change(line.name, True, what) for line, what in zip(new, told, strict=True))
    result.silent = sum(line.stage is None for line in new)


def _describe_added(line: AccountLine, start: str, owners: Owners) -> str:
    told = [f"stage {line.stage or start}"]
    if line.owner != (None, None):
        told.append(f"owner {owners.called(line.owner)}")
    if line.renews_on:
        told.append(f"renewal {line.renews_on}")
    told += (f"{name} {value}" for name in DETAIL_FIELDS if (value := getattr(line, name)))
    return ", ".join(told)


def _update_accounts(
    tx: Tx, found: Comparison, owners: Owners, ledger: ChangeLog, result: Result
) -> list[Known]:
    """Writes what differs, as far as people in Slack left it; returns the renamed accounts."""
    past = load_import_history(tx, KIND, found.differences)
    settled = []
    for difference in found.differences:
        values, kept = resolve_differences(difference, past[difference.account.id], owners)
        result.kept += kept
        if values:
            settled.append((difference.account, values, ledger.at))
            what = describe_changes(difference.account, values, owners)
            result.changes.append(Change(difference.account.name, False, what))
    write_account_changes(tx, KIND, settled, ledger, result)
    return [account for account, values, _ in settled if "name" in values]


def _add_aliases(
    tx: Tx,
    wanted: Sequence[tuple[int, str]],
    taken: dict[str, int | None],
    book: AccountIndex,
    ledger: ChangeLog,
    result: Result,
) -> None:
    """Adds (account id, alias) that nobody has yet; `taken` are the names of new accounts, those
    of other pieces without an id."""
    rows: list[dict[str, Any]] = []
    for account_id, alias in wanted:
        mark = key(alias)
        known = book.named(mark)
        if known is None and mark not in taken:
            taken[mark] = account_id
            rows.append({"account_id": account_id, "alias": alias, "alias_key": mark})
        elif (known.id if known else taken[mark]) != account_id:
            result.notes.append(f'The alias "{alias}" belongs to another account already.')
    imports.insert_many(tx, Alias, rows)
    for alias_id in imports.alias_ids(tx, [row["alias_key"] for row in rows]):
        ledger.note("alias", alias_id, None, {})
