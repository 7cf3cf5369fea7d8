"""Contracts of an account: lines that add up, of which the main one turns its term."""

from collections.abc import Sequence

from bot.actions.accounts import accounts as account_actions
from bot.actions.audit import audit_action
from bot.actions.lifecycle import plan_changes
from bot.actions.touchpoints.contract_asks import plan_contract_asks
from bot.actions.work import Work
from bot.rules.contracts import ContractLine, add_up, main_of
from bot.rules.text.money import Money
from db.contracts import contracts
from db.models import Account, Contract


def save_contract(
    work: Work, account: Account, line: ContractLine, contract: Contract | None = None
) -> Contract:
    """Adds a contract, or changes the one given; the account follows."""
    account_actions.lock_account(work.tx, account)
    if contract is None:
        contract = work.tx.add(
            Contract(
                account_id=account.id,
                name=line.name,
                by_user=work.by.user,
                source=work.by.source,
                created_at=work.now,
            )
        )
    contract.name, contract.renews_on, contract.is_main = line.name, line.renews_on, line.is_main
    contract.hundredths, contract.currency = line.worth or (None, None)
    if line.is_main:
        for other in contracts.list_of_account(work.tx, account.id):
            other.is_main = other.id == contract.id
    audit_action(work, contract, "contract.saved", {"account": account.id})
    follow_contracts(work, account)
    return contract


def end_contract(work: Work, account: Account, contract: Contract) -> None:
    """Ends a contract; the account follows those that are left."""
    account_actions.lock_account(work.tx, account)
    contract.ended_at, contract.is_main = work.now, False
    audit_action(work, contract, "contract.ended", {"account": account.id})
    follow_contracts(work, account)


def follow_contracts(work: Work, account: Account) -> None:
    """Gives an account the amount and date of its contracts, and each contract beside the main one
    its touchpoint."""
    work.tx.flush()
    found, main = _with_main(work, account)
    if found:
        worth = total(work, found)
        if worth != contracts.money_of(account):
            account_actions.set_worth(work, account, worth)
        if main is not None and main.renews_on is not None:
            plan_changes.set_renewal(work, account, main.renews_on)
    plan_contract_asks(work, account, [one for one in found if one is not main])


def total(work: Work, found: Sequence[Contract]) -> Money | None:
    """What contracts add up to, a year, in the main currency."""
    return add_up(map(contracts.money_of, found), work.playbook.value.currency)


def _with_main(work: Work, account: Account) -> tuple[list[Contract], Contract | None]:
    found = contracts.list_of_account(work.tx, account.id)
    today = work.playbook.calendar("manager").local_date(work.now)
    lines = [contracts.contract_line(one) for one in found]
    main = main_of(lines, work.playbook.value.currency, today)
    return found, None if main is None else found[main]
