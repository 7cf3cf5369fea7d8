"""Brings in a file of deals: accounts' stages, owners and past interactions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any

from bot.actions.imports.accounts import add_accounts, load_owners
from bot.actions.imports.change_log import ChangeLog, find_known_accounts, write_differences
from bot.actions.imports.deal_money import list_worths, money_notes, write_deal_contracts
from bot.actions.work import Work
from bot.rules.imports.accounts import AccountLine
from bot.rules.imports.csv_file import Sheet
from bot.rules.imports.dates import Order
from bot.rules.imports.deal_kinds import PaidDeals, paid_deals
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
)
from bot.rules.imports.owners import Owner, Owners
from bot.rules.imports.result import Change, Result
from bot.rules.imports.stages import StageWords
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.money import Money, format_yearly
from db.core.tx import Tx
from db.imports import imports
from db.models import Interaction

KIND = "deals"
_UNKNOWN_ID = "no account name, and an id that no account has"
#: Up to here an account whose deals were all lost is a lost one; later it is a customer.
_EARLY_STAGE = "evaluation"
#: A day without an hour is taken as its noon: the same date in nearly every time zone.
_NOON = time(12, tzinfo=UTC)


@dataclass(frozen=True)
class DealsFile:
    """A file of deals that was understood: the deals of each account, and its state by them."""

    groups: Mapping[str, Deals]
    states: Mapping[str, AccountState]
    paid: Mapping[str, PaidDeals]
    owners: Owners
    result: Result


def parse_deals(
    work: Work, sheet: Sheet, columns: Columns, words: StageWords, dates: Order | None
) -> DealsFile:
    """Derives from a sheet where its accounts stand; UserError when it cannot be understood."""
    today = work.now.date()
    currency = work.playbook.value.currency
    read = read_deals(sheet, columns, today, dates, currency)
    groups = group_by_account(read.deals)
    paid = {mark: paid_deals(group.deals) for mark, group in groups.items()}
    states: dict[str, AccountState] = {}
    for mark, group in groups.items():
        state = derive_state(group.deals, today, words.asked)
        stage = state.stage if state.asked else words.of_deals(state.stage)
        states[mark] = state._replace(stage=stage)
    result = Result(rejects=sorted(read.rejects), skipped=read.skipped)
    result.notes += money_notes(groups, paid)
    return DealsFile(groups, states, paid, load_owners(work.tx), result)


def write_deals(file: DealsFile, work: Work, marks: Sequence[str], log: ChangeLog) -> Result:
    """Writes stages, owners and past interactions of some of a file's accounts."""
    result = Result()
    groups = {mark: file.groups[mark] for mark in marks}
    book = _load_index(work.tx, groups)
    worths = list_worths(work, file.paid, _find_all(groups, book))
    _add_missing(work.tx, groups, file, book, log, result, worths)
    _update_accounts(work, groups, file, book, log, result, worths)
    book = _load_index(work.tx, groups)
    write_deal_contracts(work, file.paid, _find_all(groups, book), worths, log)
    _write_interactions(work.tx, groups, file, book, log, result)
    return result


def _load_index(tx: Tx, groups: Mapping[str, Deals]) -> AccountIndex:
    names = {group.deals[0].account_key for group in groups.values()}
    ids = {group.account_id for group in groups.values() if group.account_id}
    return find_known_accounts(tx, names, ids)


def _find_all(groups: Mapping[str, Deals], book: AccountIndex) -> dict[str, Known | None]:
    return {mark: _find_known(group, book) for mark, group in groups.items()}


def _find_known(group: Deals, book: AccountIndex) -> Known | None:
    if group.account_id and (account := book.by_external.get(group.account_id)):
        return account
    return book.named(group.deals[0].account_key)


def _add_missing(
    tx: Tx,
    groups: Mapping[str, Deals],
    file: DealsFile,
    book: AccountIndex,
    log: ChangeLog,
    result: Result,
    worths: Mapping[str, Money],
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
        first, owner = group.deals[0], file.owners.find(current_agent(group.deals))
        line = AccountLine(
            first.row, group.name, first.account_key, None, owner, None, group.account_id, ()
        )._replace(worth=worths.get(mark))
        state = file.states[mark]
        new.append((line, state.stage, _moment_of_day(state.since, log.at)))
        worth = f", {format_yearly(line.worth)}" if line.worth else ""
        what = f"stage {state.stage}: {state.why}{worth}"
        result.changes.append(Change(line.name, True, what))
    add_accounts(tx, new, log, KIND)
    result.added = len(new)


def _moment_of_day(day: date | None, now: datetime) -> datetime:
    return now if day is None else min(now, datetime.combine(day, _NOON))


def _update_accounts(
    work: Work,
    groups: Mapping[str, Deals],
    file: DealsFile,
    book: AccountIndex,
    log: ChangeLog,
    result: Result,
    worths: Mapping[str, Money],
) -> None:
    """Moves known accounts to where their deals say, where that is news and nobody moved them."""
    states, owners = file.states, file.owners
    met = {mark: known for mark, group in groups.items() if (known := _find_known(group, book))}
    differences, origins = [], {}
    for mark, known in met.items():
        values = _changed_values(known, states[mark], groups[mark], owners)
        if worths.get(mark, known.worth) != known.worth:
            values["worth"] = worths[mark]
        if values and not known.archived:
            differences.append(Difference(known, values))
            since = _moment_of_day(states[mark].since, log.at)
            origins[known.id] = (since, f": {states[mark].why}")
    may_move = partial(_may_move, work.playbook)
    write_differences(work.tx, KIND, differences, owners, log, result, origins, may_move)
    result.unchanged = len(met) - result.updated


def _changed_values(
    account: Known, state: AccountState, group: Deals, owners: Owners
) -> dict[str, Any]:
    """The values that differ; an owner only where there is none, as an agent is a guess."""
    values: dict[str, Any] = {}
    if state.stage != account.stage:
        values["stage"] = state.stage
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


def _write_interactions(
    tx: Tx,
    groups: Mapping[str, Deals],
    file: DealsFile,
    book: AccountIndex,
    log: ChangeLog,
    result: Result,
) -> None:
    """Writes the events of the deals as interactions, each once."""
    rows: list[dict[str, Any]] = []
    for mark, group in groups.items():
        account = _find_known(group, book)
        if account is None or account.archived:
            continue
        rows += (
            {
                "account_id": account.id,
                "kind": "deal",
                "text": event.text,
                "happened_on": event.happened_on,
                "source": "import",
                "external_id": event.external_id,
                "created_at": log.at,
            }
            for deal in group.deals
            for event in deal_events(deal, file.paid[mark].won_as(deal))
        )
    log.dealt += dict.fromkeys(row["account_id"] for row in rows)
    # Earlier versions noted every won deal as one.
    ids = {row["external_id"]: _won_id(row["external_id"]) for row in rows}
    known = imports.existing_external_ids(tx, sorted({*ids, *ids.values()}))
    fresh = [row for row in rows if known.isdisjoint((row["external_id"], ids[row["external_id"]]))]
    imports.insert_many(tx, Interaction, fresh)
    log.interactions += len(fresh)
    result.interactions = len(fresh)


def _won_id(external_id: str) -> str:
    name, _, ended = external_id.rpartition(":")
    return f"{name}:won" if ended in ("add-on", "unclear") else external_id
