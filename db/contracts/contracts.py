"""Queries for what customers pay for."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Protocol

from sqlmodel import col, select

from bot.rules.contracts import ContractLine, at_stake
from bot.rules.text.money import Money
from db.core.tx import Tx
from db.models import Contract, Touchpoint


class Renewing(Protocol):
    """An account, or the columns of one, that renews."""

    id: Any
    renews_on: Any
    hundredths: Any
    currency: Any


def list_of_account(tx: Tx, account_id: int) -> list[Contract]:
    """An account's contracts that have not ended, the next to renew first."""
    return list_of_accounts(tx, [account_id])


def list_of_accounts(tx: Tx, account_ids: Collection[int]) -> list[Contract]:
    """The same of several accounts."""
    running = select(Contract).where(col(Contract.ended_at).is_(None))
    found = tx.all_among(running, Contract.account_id, list(account_ids))
    return sorted(found, key=lambda one: (one.renews_on or date.max, one.id))


def move_dates(tx: Tx, account_id: int, before: date | None, after: Any) -> None:
    """Moves the contracts that renew on an account's date to its next one, unless another has that
    date already: then the account follows that one."""
    found = list_of_account(tx, account_id)
    if all(one.renews_on != after for one in found):
        for one in found:
            one.renews_on = after if one.renews_on == before else one.renews_on


def ask_states(tx: Tx, account_id: int, key: str) -> list[str]:
    """The states of the touchpoints of that key, whatever became of them."""
    asked = select(col(Touchpoint.state)).where(col(Touchpoint.account_id) == account_id)
    return tx.all(asked.where(col(Touchpoint.play) == key))


def contract_line(contract: Contract) -> ContractLine:
    """A contract as rules see it."""
    known = contract.name, money_of(contract), contract.renews_on
    return ContractLine(*known, contract.is_main, contract.external_id)


def money_of(row: Any) -> Money | None:
    """The amount of an account, a contract or a row of their columns."""
    return None if row.hundredths is None else Money(row.hundredths, row.currency)


def stakes(tx: Tx, accounts: Iterable[Renewing], currency: str | None) -> dict[int, Money]:
    """Account id -> what renews on its renewal date, where that is known: the contracts of that
    day, or the account's own amount where it has none."""
    rows: Sequence[Renewing] = list(accounts)
    lines: dict[int, list[ContractLine]] = {}
    for contract in list_of_accounts(tx, [row.id for row in rows]):
        lines.setdefault(contract.account_id, []).append(contract_line(contract))
    found = {}
    for row in rows:
        money = money_of(row)
        if row.id in lines and row.renews_on is not None:
            money = at_stake(lines[row.id], row.renews_on, currency) or money
        if money is not None:
            found[row.id] = money
    return found
