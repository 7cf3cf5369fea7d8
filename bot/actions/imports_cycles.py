"""Gives the accounts that an import brings into a stage their cycle, and ends those they leave."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta

from bot.actions.imports_ledger import Ledger
from bot.rules.cycles import is_customer, two_thirds
from bot.rules.import_merge import Known
from bot.rules.playbook import Playbook
from db import cycles, imports
from db.models import Cycle
from db.tx import Tx


def keep_cycles(tx: Tx, playbook: Playbook, ledger: Ledger) -> None:
    """Begins and ends cycles as the import's moves ask for, noting each to be taken back."""
    entered = set(ledger.entered)
    cycles.look_soon(tx, ledger.renewed, ledger.at)
    if not entered:
        return
    accounts = [a for a in map(Known._make, imports.known_accounts(tx)) if a.id in entered]
    last = cycles.last_of(tx, [account.id for account in accounts])
    new: list[dict[str, Any]] = []
    for account in accounts:
        found = last.get(account.id)
        is_open = found is not None and found.ended_at is None
        if is_customer(playbook, account.stage) and not is_open:
            number = found.number + 1 if found else account.cycle
            new.append(_row(account, number, ledger.at))
        stage = playbook.stage(account.stage)
        if is_open and found is not None and stage is not None and stage.exit:
            _end(tx, account, found, ledger)
    imports.insert(tx, Cycle, new)
    for cycle_id in cycles.made_by_import(tx, [row["account_id"] for row in new]):
        ledger.note("cycle", cycle_id, None, {})
    _count_on(tx, accounts, new)


def _row(account: Known, number: int, at: datetime) -> dict[str, Any]:
    """The open cycle of an imported customer: since it came into its stage, but for a yearly
    renewal not for longer than the year before its date."""
    began_at = min(account.stage_entered_at, at)
    if account.renews_on is not None:
        year_before = account.renews_on - relativedelta(years=1)
        begun = datetime(year_before.year, year_before.month, year_before.day, 12, tzinfo=at.tzinfo)
        began_at = max(began_at, begun) if begun <= at else began_at
    return {
        "account_id": account.id,
        "number": number,
        "began_at": began_at,
        "check_at": two_thirds(began_at, account.renews_on),
        "source": "import",
    }


def _end(tx: Tx, account: Known, cycle: Cycle, ledger: Ledger) -> None:
    assert cycle.id is not None
    before = {"check_at": cycle.check_at.isoformat() if cycle.check_at else None}
    ledger.note("cycle", cycle.id, before, {"ended_at": ledger.at.isoformat()})
    cycles.end_by_import(tx, cycle.id, account.stage, account.renews_on, ledger.at)


def _count_on(tx: Tx, accounts: list[Known], new: list[dict[str, Any]]) -> None:
    """An account that came back is in another cycle from now on."""
    numbers = {row["account_id"]: row["number"] for row in new}
    for account in accounts:
        if numbers.get(account.id, account.cycle) != account.cycle:
            cycles.set_number(tx, account.id, numbers[account.id])
