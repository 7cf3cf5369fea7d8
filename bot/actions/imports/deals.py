"""Brings in a file of deals: accounts' stages, owners and past interactions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from bot.actions.imports.accounts import add_accounts, load_owners
from bot.actions.imports.change_log import Ledger, apply, look_up, pasts
from bot.rules.imports.accounts import AccountLine
from bot.rules.imports.csv_file import Sheet
from bot.rules.imports.dates import Order
from bot.rules.imports.deal_rows import read_deals
from bot.rules.imports.deals import Deals, Standing, agent_of, by_account, events, standing
from bot.rules.imports.headings import Columns
from bot.rules.imports.merge import Book, Difference, Known, Past, described, owner_of, settle
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
    where: Mapping[str, Standing]
    owners: Owners
    result: Result


def understand_deals(
    tx: Tx, sheet: Sheet, columns: Columns, words: StageWords, dates: Order | None, now: datetime
) -> DealsFile:
    """Derives from a sheet where its accounts stand; UserError when it cannot be understood."""
    read = read_deals(sheet, columns, now.date(), dates)
    groups = by_account(read.deals)
    result = Result(rejects=sorted(read.rejects), skipped=read.skipped)
    return DealsFile(groups, _standings(groups, words, now), load_owners(tx), result)


def write_deals(
    playbook: Playbook, file: DealsFile, tx: Tx, marks: Sequence[str], ledger: Ledger
) -> Result:
    """Writes stages, owners and past interactions of some of a file's accounts."""
    result = Result()
    groups = {mark: file.groups[mark] for mark in marks}
    book = _look_up(tx, groups)
    _add_missing(tx, groups, file, book, ledger, result)
    _update(tx, playbook, groups, file, book, ledger, result)
    _remember(tx, groups, _look_up(tx, groups), ledger, result)
    return result


def tell_from_deals(file: DealsFile) -> None:
    """Says how many accounts only the deals knew."""
    result = file.result
    if result.added:
        result.notes.append(f"{plural(result.added, 'account')} came from the deals alone.")


def _look_up(tx: Tx, groups: Mapping[str, Deals]) -> Book:
    names = {group.deals[0].account_key for group in groups.values()}
    return look_up(tx, names, {group.account_id for group in groups.values() if group.account_id})


def _standings(
    groups: Mapping[str, Deals], words: StageWords, now: datetime
) -> dict[str, Standing]:
    """Where each account stands, with the playbook's own keys."""
    found: dict[str, Standing] = {}
    for mark, group in groups.items():
        where = standing(group.deals, now.date(), words.asked)
        stage = where.stage if where.asked else words.of_deals(where.stage)
        found[mark] = where._replace(stage=stage)
    return found


def _known(group: Deals, book: Book) -> Known | None:
    if group.account_id and (found := book.by_external.get(group.account_id)):
        return found
    return book.named(group.deals[0].account_key)


def _add_missing(
    tx: Tx,
    groups: Mapping[str, Deals],
    file: DealsFile,
    book: Book,
    ledger: Ledger,
    result: Result,
) -> None:
    """Adds the accounts that only the deals know; a deal with an unknown id alone is left out."""
    new = []
    for mark, group in groups.items():
        if _known(group, book) is not None:
            continue
        if not group.name:
            rows = [deal.row for deal in group.deals]
            result.skipped.setdefault(_UNKNOWN_ID, []).extend(rows)
            continue
        line = _line(group, file.owners.find(agent_of(group.deals)))
        where = file.where[mark]
        new.append((line, where.stage, _instant(where.since, ledger.at)))
        what = f"stage {where.stage}: {where.why}"
        result.changes.append(Change(line.name, True, what))
    add_accounts(tx, new, ledger, KIND)
    result.added = len(new)


def _line(group: Deals, owner: Owner) -> AccountLine:
    first = group.deals[0]
    return AccountLine(
        first.row, group.name, first.account_key, None, owner, None, group.account_id, ()
    )


def _instant(day: date | None, now: datetime) -> datetime:
    return now if day is None else min(now, datetime.combine(day, _NOON))


def _update(
    tx: Tx,
    playbook: Playbook,
    groups: Mapping[str, Deals],
    file: DealsFile,
    book: Book,
    ledger: Ledger,
    result: Result,
) -> None:
    """Moves known accounts to where their deals say, where that is news and nobody moved them."""
    where, owners = file.where, file.owners
    met = {mark: known for mark, group in groups.items() if (known := _known(group, book))}
    found = {
        mark: Difference(known, values)
        for mark, known in met.items()
        if not known.archived and (values := _values(known, where[mark], groups[mark], owners))
    }
    past = pasts(tx, KIND, list(found.values()))
    settled = []
    for mark, difference in found.items():
        account = difference.account
        values, kept = settle(difference, past[account.id], owners)
        result.kept += kept
        mine = past[account.id]
        if "stage" in values and not _may_move(playbook, account, values["stage"], mine):
            del values["stage"]
        if values:
            settled.append((account, values, _instant(where[mark].since, ledger.at)))
            what = described(account, values, owners)
            result.changes.append(Change(account.name, False, f"{what}: {where[mark].why}"))
    apply(tx, KIND, settled, ledger, result)
    result.unchanged = len(met) - result.updated


def _values(account: Known, where: Standing, group: Deals, owners: Owners) -> dict[str, Any]:
    """What the deals say otherwise; an owner only where there is none: an agent is a guess."""
    values: dict[str, Any] = {}
    if where.stage != account.stage:
        values["stage"] = where.stage
    if owner_of(account) == Owner(None, None):
        owner = owners.find(agent_of(group.deals))
        if owner != (None, None):
            values["owner"] = owner
    return values


def _may_move(playbook: Playbook, account: Known, stage: str, past: Past) -> bool:
    """Deals move an account on, and back only from where deals have put it.

    They know nothing of renewals, advocacy or churn: what a list of accounts said of those stays.
    """
    if past.said.get("stage") == account.stage:
        return True
    way = playbook.direction(account.stage, stage)
    if way == "out":
        return playbook.direction(account.stage, _EARLY) in ("forward", "same")
    return way == "forward"


#: Up to here an account whose deals were all lost is a lost one; later it is a customer.
_EARLY = "evaluation"


def _remember(
    tx: Tx, groups: Mapping[str, Deals], book: Book, ledger: Ledger, result: Result
) -> None:
    """Writes what happened with the accounts, each thing once."""
    rows = list(_interactions(groups, book, ledger.at))
    ledger.dealt += dict.fromkeys(row["account_id"] for row in rows)
    known = imports.known_events(tx, [row["external_id"] for row in rows])
    fresh = [row for row in rows if row["external_id"] not in known]
    imports.insert(tx, Interaction, fresh)
    ledger.interactions += len(fresh)
    result.interactions = len(fresh)


def _interactions(
    groups: Mapping[str, Deals], book: Book, now: datetime
) -> Iterable[dict[str, Any]]:
    for group in groups.values():
        account = _known(group, book)
        if account is None or account.archived:
            continue
        for event in (event for deal in group.deals for event in events(deal)):
            yield {
                "account_id": account.id,
                "kind": "deal",
                "text": event.text,
                "happened_on": event.happened_on,
                "source": "import",
                "external_id": event.external_id,
                "created_at": now,
            }
