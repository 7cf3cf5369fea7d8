"""Brings in a file of deals: accounts' stages, owners and past interactions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import partial
from typing import Any

from bot.actions.facts.days import today
from bot.actions.imports.accounts import add_accounts, load_owners
from bot.actions.imports.change_log import ChangeLog, find_known_accounts, write_differences
from bot.actions.imports.contracts import list_worths, money_notes, write_deal_contracts
from bot.actions.imports.process import Part
from bot.actions.work import Work
from bot.rules.imports.accounts import AccountLine
from bot.rules.imports.deal_kinds import PaidDeals, paid_deals
from bot.rules.imports.deals import (
    AccountState,
    Deal,
    current_agent,
    deal_events,
    derive_state,
    group_by_account,
    read_deals,
)
from bot.rules.imports.headings import Columns
from bot.rules.imports.merge import Difference, ImportHistory, Known
from bot.rules.imports.owners import NOBODY, Owner, Owners
from bot.rules.imports.result import Change, Result
from bot.rules.imports.sheet import Sheet
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

    groups: Mapping[str, Sequence[Deal]]
    states: Mapping[str, AccountState]
    paid: Mapping[str, PaidDeals]
    owners: Owners


def parse_deals(
    work: Work, sheet: Sheet, columns: Columns, words: StageWords, answers: Mapping[str, str]
) -> Part:
    """Derives from a sheet where its accounts stand; UserError when it cannot be understood."""
    day = today(work)
    deals, result = read_deals(sheet, columns, day, answers, work.playbook.value.currency)
    result.rejects.sort()
    groups = group_by_account(deals)
    paid = {mark: paid_deals(group) for mark, group in groups.items()}
    states: dict[str, AccountState] = {}
    for mark, group in groups.items():
        state = derive_state(group, day, words.asked)
        stage = state.stage if state.asked else words.of_deals(state.stage)
        states[mark] = state._replace(stage=stage)
    result.notes += money_notes(groups, paid)
    owners = load_owners(work.tx, answers)
    result.questions += owners.questions([current_agent(group) for group in groups.values()])
    file = DealsFile(groups, states, paid, owners)
    return Part(list(groups), partial(write_deals, file), result)


def write_deals(file: DealsFile, work: Work, marks: Sequence[str], log: ChangeLog) -> Result:
    """Writes stages, owners and past interactions of some of a file's accounts."""
    groups = {mark: file.groups[mark] for mark in marks}
    met = _find_all(work.tx, groups)
    worths = list_worths(work, file.paid, met)
    piece = _Piece(file, work, log, Result(), worths)
    piece.add_missing({mark: groups[mark] for mark, known in met.items() if known is None})
    piece.update_accounts({mark: known for mark, known in met.items() if known is not None})
    met = _find_all(work.tx, groups)
    write_deal_contracts(work, file.paid, met, worths, log)
    piece.write_interactions(met)
    return piece.result


def _find_all(tx: Tx, groups: Mapping[str, Sequence[Deal]]) -> dict[str, Known | None]:
    """The known account of each group of deals: by its id, else by its name."""
    names = {group[0].account_key for group in groups.values()}
    ids = {group[0].account_id for group in groups.values() if group[0].account_id}
    book = find_known_accounts(tx, names, ids)
    return {
        mark: book.with_id(group[0].account_id) or book.named(group[0].account_key)
        for mark, group in groups.items()
    }


@dataclass(frozen=True)
class _Piece:
    """Some of the accounts of a file, while they are written; `worths` are the amounts to take."""

    file: DealsFile
    work: Work
    log: ChangeLog
    result: Result
    worths: Mapping[str, Money]

    def add_missing(self, groups: Mapping[str, Sequence[Deal]]) -> None:
        """Adds the accounts that only deals know; a deal with an unknown id alone is left out."""
        new = []
        for mark, group in groups.items():
            if not group[0].account:
                self.result.skip(_UNKNOWN_ID, *(deal.row for deal in group))
                continue
            first, worth, state = group[0], self.worths.get(mark), self.file.states[mark]
            line = AccountLine(
                row=first.row,
                name=first.account,
                name_key=first.account_key,
                stage=None,
                owner=self._owner(group),
                renews_on=None,
                external_id=first.account_id,
                aliases=(),
                worth=worth,
            )
            new.append((line, state.stage, self._since(state)))
            paid = f", {format_yearly(worth)}" if worth else ""
            what = f"stage {state.stage}: {state.why}{paid}"
            self.result.changes.append(Change(line.name, True, what))
        add_accounts(self.work.tx, new, self.log, KIND)
        self.result.added = len(new)

    def update_accounts(self, met: Mapping[str, Known]) -> None:
        """Moves known accounts to where deals say, where that is news and nobody moved them."""
        differences, origins = [], {}
        for mark, known in met.items():
            state = self.file.states[mark]
            values = self._changed_values(known, mark)
            if values and not known.archived:
                differences.append(Difference(known, values))
                origins[known.id] = (self._since(state), f": {state.why}")
        write_differences(
            self.work.tx,
            KIND,
            differences,
            self.file.owners,
            self.log,
            self.result,
            origins,
            may_move=partial(_may_move, self.work.playbook),
        )
        self.result.unchanged = len(met) - self.result.updated

    def _changed_values(self, account: Known, mark: str) -> dict[str, Any]:
        """The values that differ; an owner only where there is none, as an agent is a guess."""
        said: dict[str, Any] = {
            "stage": self.file.states[mark].stage,
            "worth": self.worths.get(mark),
        }
        if account.owner == NOBODY:
            said["owner"] = self._owner(self.file.groups[mark])
        return {
            name: value
            for name, value in said.items()
            if value not in (None, NOBODY, getattr(account, name))
        }

    def _owner(self, group: Sequence[Deal]) -> Owner:
        return self.file.owners.find(current_agent(group))

    def _since(self, state: AccountState) -> datetime:
        now = self.log.at
        return now if state.since is None else min(now, datetime.combine(state.since, _NOON))

    def write_interactions(self, met: Mapping[str, Known | None]) -> None:
        """Writes the events of the deals as interactions, each once."""
        rows: list[dict[str, Any]] = [
            {
                "account_id": account.id,
                "kind": "deal",
                "text": text,
                "happened_on": day,
                "source": "import",
                "external_id": external_id,
                "created_at": self.log.at,
            }
            for mark, account in met.items()
            if account is not None and not account.archived
            for deal in self.file.groups[mark]
            for external_id, day, text in deal_events(deal, self.file.paid[mark].won_as(deal))
        ]
        self.log.dealt += dict.fromkeys(row["account_id"] for row in rows)
        # Earlier versions noted every won deal as one.
        ids = {row["external_id"]: _won_id(row["external_id"]) for row in rows}
        known = imports.existing_external_ids(self.work.tx, sorted({*ids, *ids.values()}))
        fresh = [r for r in rows if known.isdisjoint((r["external_id"], ids[r["external_id"]]))]
        imports.insert_many(self.work.tx, Interaction, fresh)
        self.log.interactions += len(fresh)
        self.result.interactions = len(fresh)


def _may_move(playbook: Playbook, account: Known, stage: str, past: ImportHistory) -> bool:
    """Deals move an account on, and back only from where deals have put it. They know nothing of
    renewals, advocacy or churn: what a list of accounts said of those stays."""
    if past.said.get("stage") == account.stage:
        return True
    way = playbook.direction(account.stage, stage)
    if way == "out":
        return playbook.direction(account.stage, _EARLY_STAGE) in ("forward", "same")
    return way == "forward"


def _won_id(external_id: str) -> str:
    name, _, ended = external_id.rpartition(":")
    return f"{name}:won" if ended in ("add-on", "unclear") else external_id
