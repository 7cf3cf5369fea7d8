"""Brings in a file of accounts."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from bot.actions.facts.days import today
from bot.actions.imports.change_log import (
    ChangeLog,
    find_known_accounts,
    stage_change_row,
    write_differences,
)
from bot.actions.imports.contracts import write_contracts
from bot.actions.imports.process import Part
from bot.actions.work import Work
from bot.rules.imports.accounts import AccountLine, read_accounts
from bot.rules.imports.headings import Columns
from bot.rules.imports.merge import (
    AccountIndex,
    Comparison,
    columns_of,
    compare,
    describe_values,
    external_ids,
    to_json,
)
from bot.rules.imports.owners import Owners, SlackMember
from bot.rules.imports.result import Change, Result
from bot.rules.imports.sheet import Sheet
from bot.rules.imports.stages import StageWords
from bot.rules.text.names import key
from bot.rules.text.words import plural
from db.core.tx import Tx
from db.imports import imports
from db.models import Account, Alias, StageChange

KIND = "accounts"
#: The columns of an account that a file may leave open.
_OPTIONAL = (
    "manager_id owner_name renews_on external_id sector country tier hundredths currency".split()
)


@dataclass(frozen=True)
class AccountsFile:
    """A file of accounts that was understood."""

    owners: Owners
    start: str  # the stage of an account that is new and has none
    ids: Set[str]  # the CRM's, of the whole file
    names: Set[str]  # of the accounts that are new


def parse_accounts(
    work: Work, sheet: Sheet, columns: Columns, words: StageWords, answers: Mapping[str, str]
) -> Part:
    """Reads a sheet and compares it with what is known; UserError when it cannot be understood."""
    owners = load_owners(work.tx, answers)
    currency = work.playbook.value.currency
    lines, result = read_accounts(
        sheet,
        columns,
        words,
        owners,
        answers,
        currency=currency,
        today=today(work),
        known=imports.list_names(work.tx),
    )
    lines = _without_unknown_currency(lines, result)
    ids = external_ids(lines)
    comparison = compare(lines, _find_known(work.tx, lines), ids)
    rejected = {reject.row for reject in comparison.rejects}
    result.rejects = sorted(result.rejects + comparison.rejects)
    file = AccountsFile(owners, words.start, ids, {line.name_key for line in comparison.new})
    kept = [line for line in lines if line.row not in rejected]
    return Part(kept, partial(write_accounts, file), result)


def _find_known(tx: Tx, lines: Sequence[AccountLine]) -> AccountIndex:
    keys = {line.name_key for line in lines}
    keys |= {key(alias) for line in lines for alias in line.aliases}
    return find_known_accounts(tx, keys, {line.external_id for line in lines if line.external_id})


def write_accounts(
    file: AccountsFile, work: Work, lines: Sequence[AccountLine], log: ChangeLog
) -> Result:
    """Adds and updates the accounts of some lines of a file."""
    tx = work.tx
    book = _find_known(tx, lines)
    comparison = compare(lines, book, file.ids)
    result = Result(rejects=comparison.rejects, kept=list(comparison.archived))
    new = [(line, line.stage or file.start, log.at) for line in comparison.new]
    ids = add_accounts(tx, new, log, KIND)
    result.added = len(comparison.new)
    result.silent = sum(line.stage is None for line in comparison.new)
    result.changes += (_describe_added(line, file) for line in comparison.new)
    _write_contracts(work, comparison, ids, log, result)
    renamed = write_differences(tx, KIND, comparison.differences, file.owners, log, result)
    for account in renamed:  # the old name is free to become an alias
        book.by_key.pop(account.name_key, None)
    book.by_alias |= find_known_accounts(tx, {account.name_key for account in renamed}, ()).by_alias
    wanted = [(ids[line.name_key], alias) for line in comparison.new for alias in line.aliases]
    wanted += [(account.id, alias) for account, line in comparison.met for alias in line.aliases]
    wanted += [(account.id, account.name) for account in renamed]
    taken: dict[str, int | None] = {**dict.fromkeys(file.names), **ids}
    _add_aliases(tx, wanted, taken, book, log, result)
    result.unchanged = len(comparison.met) - result.updated
    return result


def _without_unknown_currency(lines: Sequence[AccountLine], result: Result) -> list[AccountLine]:
    """The lines without amounts of no currency; a note says how many there were."""
    kept, count = [], 0
    for line in lines:
        if any(one.worth and not one.worth.currency for one in (line, line.contract)):
            bare = tuple(one._replace(worth=None) for one in line.contracts)
            line = line._replace(worth=None, contracts=bare)
            count += 1
        kept.append(line)
    if count:
        hint = "were left out: they have no currency. A column Currency says it."
        result.notes.append(f"{plural(count, 'amount')} {hint}")
    return kept


def _write_contracts(
    work: Work, comparison: Comparison, ids: Mapping[str, int], log: ChangeLog, result: Result
) -> None:
    wanted = {ids[line.name_key]: line.contracts for line in comparison.new if line.contracts}
    wanted |= {
        known.id: line.contracts
        for known, line in comparison.met
        # One row with an amount takes the place of contracts that files told of before.
        if (line.contracts or line.worth) and not known.archived
    }
    changed = write_contracts(work, wanted, log)
    differing = {difference.account.id for difference in comparison.differences}
    for known, line in comparison.met:
        if known.id in changed - differing:
            result.updated += 1
            what = plural(len(line.contracts), "contract")
            result.changes.append(Change(known.name, False, what))


def load_owners(tx: Tx, answers: Mapping[str, str]) -> Owners:
    """Everybody in Slack who can be an account's manager."""
    return Owners(map(SlackMember._make, imports.list_possible_managers(tx)), answers)


def add_accounts(
    tx: Tx, new: Sequence[tuple[AccountLine, str, datetime]], log: ChangeLog, kind: str
) -> dict[str, int]:
    """Adds accounts, given as (line, stage, when they entered it); returns name key -> id."""
    if not new:
        return {}
    imports.insert_many(tx, Account, [_account_row(*given, log.at) for given in new])
    ids = imports.ids_by_key(tx, [line.name_key for line, _, _ in new])
    moves = [stage_change_row(ids[line.name_key], stage, log.at) for line, stage, _ in new]
    imports.insert_many(tx, StageChange, moves)
    for line, stage, _ in new:
        account_id = ids[line.name_key]
        log.note("account", account_id, None, _values_in_file(line, stage, kind))
        log.entered.append(account_id)
    return ids


def _account_row(
    line: AccountLine, stage: str, entered_at: datetime, now: datetime
) -> dict[str, Any]:
    return {
        **dict.fromkeys(_OPTIONAL),
        **columns_of({**line.said(), "stage": stage, "name": line.name}),
        "stage_entered_at": entered_at,
        "stage_entry": 1,
        "term": 1,
        "created_at": now,
        "version": 1,
    }


def _values_in_file(line: AccountLine, stage: str, kind: str) -> dict[str, Any]:
    """What the file says of a new account, for telling later what people changed since."""
    said = {name: to_json(value) for name, value in line.said().items()}
    return {**said, "by": kind, "stage": stage, "name": line.name, "version": 1}


def _describe_added(line: AccountLine, file: AccountsFile) -> Change:
    said = {"stage": file.start, **line.said(), "external_id": None}
    what = describe_values(said, file.owners)
    if line.contracts:
        what += f", {plural(len(line.contracts), 'contract')}"
    return Change(line.name, True, what)


def _add_aliases(
    tx: Tx,
    wanted: Sequence[tuple[int, str]],
    taken: dict[str, int | None],
    book: AccountIndex,
    log: ChangeLog,
    result: Result,
) -> None:
    """Adds the (account id, alias) pairs that no account has yet. `taken` are the names of new
    accounts and their ids; None for those of other pieces."""
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
        log.note("alias", alias_id, None, {})
