"""Writes the contracts that a file tells of, and gives accounts their sum and their date."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.actions.imports.change_log import ChangeLog
from bot.actions.touchpoints.contract_asks import plan_contract_asks
from bot.actions.work import Work
from bot.rules.contracts import ContractLine, main_of
from bot.rules.imports.merge import to_json
from db.contracts import contracts
from db.models import Account, Contract


def write_contracts(
    work: Work, wanted: Mapping[int, Sequence[ContractLine]], log: ChangeLog
) -> set[int]:
    """Makes the imported contracts of accounts (account id -> lines) those of the file, ending
    those it no longer has; returns the accounts of which something changed."""
    found: dict[int, list[Contract]] = {account_id: [] for account_id in wanted}
    for contract in contracts.list_of_accounts(work.tx, list(wanted)):
        if contract.source == "import":
            found[contract.account_id].append(contract)
    changed = set()
    for account_id, lines in wanted.items():
        left = found[account_id]
        for line in lines:
            same = next((one for one in left if _is_same(one, line)), None)
            if same is not None:
                left.remove(same)
            if _write(work, account_id, same, line, log):
                changed.add(account_id)
        for contract in left:
            log.change("contract", contract, {"ended_at": log.at})
            changed.add(account_id)
    work.tx.flush()
    for account_id in sorted(changed):
        _plan_asks(work, account_id, log)
    return changed


def _is_same(contract: Contract, line: ContractLine) -> bool:
    if line.external_id or contract.external_id:
        return contract.external_id == line.external_id
    return contract.name == line.name


def _write(
    work: Work, account_id: int, known: Contract | None, line: ContractLine, log: ChangeLog
) -> bool:
    hundredths, currency = line.worth or (None, None)
    values: dict[str, Any] = {
        "name": line.name,
        "hundredths": hundredths,
        "currency": currency,
        "renews_on": line.renews_on,
    }
    if known is not None:
        return log.change("contract", known, values)
    made = Contract(
        account_id=account_id,
        external_id=line.external_id,
        source="import",
        created_at=log.at,
        **values,
    )
    noted = {name: to_json(value) for name, value in values.items()}
    log.note("contract", work.tx.add(made).id, None, noted)
    return True


def _plan_asks(work: Work, account_id: int, log: ChangeLog) -> None:
    account = work.tx.get(Account, account_id)
    found = contracts.list_of_account(work.tx, account_id)
    lines = [contracts.contract_line(one) for one in found]
    main = main_of(lines, work.playbook.value.currency, log.at.date())
    if account is not None and account.archived_at is None:
        others = [one for place, one in enumerate(found) if place != main]
        plan_contract_asks(replace(work, now=log.at), account, others)
