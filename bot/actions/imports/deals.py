"""Brings in a file of deals: accounts' stages, owners and past interactions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from bot.actions.imports.accounts import add_accounts, load_owners
from bot.actions.imports.change_log import (
    ChangeLog,
    find_known_accounts,
    load_import_history,
    write_account_changes,
)
from bot.rules.imports.accounts import AccountLine
from bot.rules.imports.csv_file import Sheet
from bot.rules.imports.dates import Order
from bot.rules.imports.deal_rows import read_deals
from bot.rules.imports.deals import (
    AccountState,
    Deals,
    current_agent,
    deal_events,
    derive_state,
    group_by_account,
)
from bot.rules.imports.headings import Columns
from bot.rules.imports.merge import (
    AccountIndex,
    Difference,
    ImportHistory,
    Known,
    current_owner,
    describe_changes,
    resolve_differences,
)
from bot.rules.imports.owners import Owner, Owners
from bot.rules.imports.result import Change, Result
from bot.rules.imports.stages import StageWords
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.words import plural
from db.core.tx import Tx
from db.imports import imports
from db.models import Interaction

KIND = "deals"
_UNKNOWN_ID = "no account name, and an id that no account has"
#: A day without an hour is taken as its noon: the same date in nearly every time zone.
_NOON = time(12, tzinfo=UTC)


@dataclass(frozen=True)
class DealsFile:
    """A file of deals that was understood: by account, and where each of them stands."""

    groups: Mapping[str, Deals]
    where: Mapping[str, AccountState]
    owners: Owners
    result: Result


def parse_deals(
    tx: Tx, sheet: Sheet, columns: Columns, words: StageWords, dates: Order | None, now: datetime
) -> DealsFile:
    """Derives from a sheet where its accounts stand; UserError when it cannot be understood."""
    read = read_deals(sheet, columns, now.date(), dates)
    groups = group_by_account(read.deals)
    result = Result(rejects=sorted(read.rejects), skipped=read.skipped)
    return DealsFile(groups, _account_states(groups, words, now), load_owners(tx), result)


def write_deals(
    playbook: Playbook, file: DealsFile, tx: Tx, marks: Sequence[str], ledger: ChangeLog
) -> Result:
    """Writes stages, owners and past interactions of some of a file's accounts."""
    result = Result()
    groups = {mark: file.groups[mark] for mark in marks}
    book = _load_index(tx, groups)
    _add_missing(tx, groups, file, book, ledger, result)
    _update_accounts(tx, playbook, groups, file, book, ledger, result)
    _write_interactions(tx, groups, _load_index(tx, groups), ledger, result)
    return result


def report_added_from_deals(file: DealsFile) -> None:
    """Says how many accounts only the deals knew."""
    result = file.result
    if result.added:
        result.notes.append(f"{plural(result.added, 'account')} came from the deals alone.")


def _load_index(tx: Tx, groups: Mapping[str, Deals]) -> AccountIndex:
    names = {group.deals[0].account_key for group in groups.values()}
    return find_known_accounts(
        tx, names, {group.account_id for group in groups.values() if group.account_id}
    )


def _account_states(
    groups: Mapping[str, Deals], words: StageWords, now: datetime
) -> dict[str, AccountState]:
    """Where each account stands, with the playbook's own keys."""
    found: dict[str, AccountState] = {}
    for mark, group in groups.items():
        where = derive_state(group.deals, now.date(), words.asked)
        stage = where.stage if where.asked else words.of_deals(where.stage)
        found[mark] = where._replace(stage=stage)
    return found


def _find_known(group: Deals, book: AccountIndex) -> Known | None:
    if group.account_id and (found := book.by_external.get(group.account_id)):
        return found
    return book.named(group.deals[0].account_key)


def _add_missing(
    tx: Tx,
    groups: Mapping[str, Deals],
    file: DealsFile,
    book: AccountIndex,
    ledger: ChangeLog,
    result: Result,
) -> None:
    """Adds the accounts that only the deals know; a deal with an unknown id alone is left out."""
    new = []
    for mark, group in groups.items():
        if _find_known(group, book) is not None:
            continue
        if not group.name:
            rows = [deal.row for deal in group.deals]
            result.skipped.setdefault(_UNKNOWN_ID, []).extend(rows)
            continue
        line = _account_line(group, file.owners.find(current_agent(group.deals)))
        where = file.where[mark]
        new.append((line, where.stage, _moment_of_day(where.since, ledger.at)))
        what = f"stage {where.stage}: {where.why}"
        result.changes.append(Change(line.name, True, what))
    add_accounts(tx, new, ledger, KIND)
    result.added = len(new)


def _account_line(group: Deals, owner: Owner) -> AccountLine:
    first = group.deals[0]
    return AccountLine(
        first.row, group.name, first.account_key, None, owner, None, group.account_id, ()
    )


def _moment_of_day(day: date | None, now: datetime) -> datetime:
    return now if day is None else min(now, datetime.combine(day, _NOON))


def _update_accounts(
    tx: Tx,
    playbook: Playbook,
    groups: Mapping[str, Deals],
    file: DealsFile,
    book: AccountIndex,
    ledger: ChangeLog,
    result: Result,
) -> None:
    """Moves known accounts to where their deals say, where that is news and nobody moved them."""
    where, owners = file.where, file.owners
    met = {mark: known for mark, group in groups.items() if (known := _find_known(group, book))}
    found = {
        mark: Difference(known, values)
        for mark, known in met.items()
        if not known.archived
        and (values := _changed_values(known, where[mark], groups[mark], owners))
    }
    past = load_import_history(tx, KIND, list(found.values()))
    settled = []
    for mark, difference in found.items():
        account = difference.account
        values, kept = resolve_differences(difference, past[account.id], owners)
        result.kept += kept
        mine = past[account.id]
        if "stage" in values and not _may_move(playbook, account, values["stage"], mine):
            del values["stage"]
        if values:
            settled.append((account, values, _moment_of_day(where[mark].since, ledger.at)))
            what = describe_changes(account, values, owners)
            result.changes.append(Change(account.name, False, f"{what}: {where[mark].why}"))
    write_account_changes(tx, KIND, settled, ledger, result)
    result.unchanged = len(met) - result.updated


def _changed_values(
    account: Known, where: AccountState, group: Deals, owners: Owners
) -> dict[str, Any]:
    """What the deals say otherwise; an owner only where there is none: an agent is a guess."""
    values: dict[str, Any] = {}
    if where.stage != account.stage:
        values["stage"] = where.stage
    if current_owner(account) == Owner(None, None):
        owner = owners.find(current_agent(group.deals))
        if owner != (None, None):
            values["owner"] = owner
    return values


def _may_move(playbook: Playbook, account: Known, stage: str, past: ImportHistory) -> bool:
    """Deals move an account on, and back only from where deals have put it.

    They know nothing of renewals, advocacy or churn: what a list of accounts said of those stays.
    """
    if past.said.get("stage") == account.stage:
        return True
    way = playbook.direction(account.stage, stage)
    if way == "out":
        return playbook.direction(account.stage, _EARLY_STAGE) in ("forward", "same")
    return way == "forward"


#: Up to here an account whose deals were all lost is a lost one; later it is a customer.
_EARLY_STAGE = "evaluation"


def _write_interactions(
    tx: Tx, groups: Mapping[str, Deals], book: AccountIndex, ledger: ChangeLog, result: Result
) -> None:
    """Writes what happened with the accounts, each thing once."""
    rows = list(_interaction_rows(groups, book, ledger.at))
    ledger.dealt += dict.fromkeys(row["account_id"] for row in rows)
    known = imports.existing_external_ids(tx, [row["external_id"] for row in rows])
    fresh = [row for row in rows if row["external_id"] not in known]
    imports.insert_many(tx, Interaction, fresh)
    ledger.interactions += len(fresh)
    result.interactions = len(fresh)


def _interaction_rows(
    groups: Mapping[str, Deals], book: AccountIndex, now: datetime
) -> Iterable[dict[str, Any]]:
    for group in groups.values():
        account = _find_known(group, book)
        if account is None or account.archived:
            continue
        for event in (event for deal in group.deals for event in deal_events(deal)):
            yield {
                "account_id": account.id,
                "kind": "deal",
                "text": event.text,
                "happened_on": event.happened_on,
                "source": "import",
                "external_id": event.external_id,
                "created_at": now,
            }
