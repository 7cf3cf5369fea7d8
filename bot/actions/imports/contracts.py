"""The contracts that a file of accounts or deals tells of: what customers pay, by when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.actions.imports.change_log import ChangeLog
from bot.actions.touchpoints.contract_asks import plan_contract_asks
from bot.actions.work import Work
from bot.rules.contracts import ContractLine, add_up, main_of
from bot.rules.imports.deal_kinds import DEAL_PREFIX, PaidDeals
from bot.rules.imports.deals import Deal
from bot.rules.imports.merge import Known, to_json
from bot.rules.text.money import Money, format_yearly
from bot.rules.text.words import plural
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


#: So many deals that may be a renewal or an add-on are named.
MAX_ASKED = 3


def money_notes(
    groups: Mapping[str, Sequence[Deal]], paid: Mapping[str, PaidDeals]
) -> Iterator[str]:
    """What the amounts of the deals leave open, for people to say."""
    won = [deal for each in paid.values() for deal in (*each.running, *each.unclear)]
    bare = sum(deal.worth is not None and not deal.worth.currency for deal in won)
    if bare:
        yield f"{plural(bare, 'amount')} have no currency and count for nothing: name a Currency."
    asked = [(groups[m], d) for m, each in paid.items() if not each.orders for d in each.unclear]
    if asked:
        names = "; ".join(
            f"{group[0].account}: {_deal_text(deal)}" for group, deal in asked[:MAX_ASKED]
        )
        yield (
            f"{plural(len(asked), 'won deal')} may be a renewal or an add-on, and until that is "
            f"said they count as neither ({names}{' …' if len(asked) > MAX_ASKED else ''}). A "
            "column Type that says Renewal or Add-on tells; so does /account … contracts."
        )
    if orders := sum(each.orders for each in paid.values()):
        yield (
            f"The won deals of {plural(orders, 'account')} are orders, not contracts: they come "
            "too often. /account … worth sets what they pay a year."
        )


def _deal_text(deal: Deal) -> str:
    amount = f", {format_yearly(deal.worth)}" if deal.worth else ""
    return f'"{deal.title or deal.id}"{amount}, {deal.newest}'


def list_worths(
    work: Work, paid: Mapping[str, PaidDeals], met: Mapping[str, Known | None]
) -> dict[str, Money]:
    """What accounts pay a year by their deals, where only earlier deals say otherwise."""
    ids = [known.id for known in met.values() if known is not None and known.worth is not None]
    theirs = contracts.list_of_accounts(work.tx, ids)
    dealt = {o.account_id for o in theirs if (o.external_id or "").startswith(DEAL_PREFIX)}
    worths = {}
    for mark, known in met.items():
        deals = paid[mark]
        amounts = [deal.worth for deal in deals.running if deal.worth and deal.worth.currency]
        total = add_up(amounts, work.playbook.value.currency)
        is_free = known is None or known.worth is None or known.id in dealt
        if total is not None and is_free and deals.base is not None and not deals.orders:
            worths[mark] = total
    return worths


def write_deal_contracts(
    work: Work,
    paid: Mapping[str, PaidDeals],
    met: Mapping[str, Known | None],
    worths: Mapping[str, Money],
    log: ChangeLog,
) -> None:
    """Writes the running deals of accounts as their contracts, where the amount was taken."""
    wanted = {}
    for mark, worth in worths.items():
        known = met[mark]
        if known is not None and not known.archived and known.worth == worth:
            wanted[known.id] = paid[mark].lines()
    write_contracts(work, wanted, log)
