"""Gives the accounts that an import brings into a stage their term, and ends those they leave.

Won deals tell when terms began. What they tell counts over what an earlier import took for
granted, as long as nobody has noted anything in a term.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from bot.actions.imports.change_log import Ledger
from bot.actions.terms.backfill import RENEWED, by_deals, since
from bot.rules.imports.merge import Known
from bot.rules.playbook.playbook import Playbook
from bot.rules.terms import is_customer
from db.core.tx import Tx
from db.imports import imports
from db.models import Term
from db.terms import terms

_DATED = ("began_at", "ended_at", "outcome", "check_at")


def keep_terms(tx: Tx, playbook: Playbook, ledger: Ledger) -> int:
    """Begins and ends terms as the import's moves and deals ask for, noting each to be taken back.

    Returns how many accounts have their terms from won deals now, and had not before.
    """
    terms.look_soon(tx, ledger.renewed, ledger.at)
    entered, wanted = set(ledger.entered), {*ledger.entered, *ledger.dealt}
    if not wanted:
        return 0
    accounts = list(map(Known._make, imports.known_among(tx, "id", wanted)))
    known = terms.of_accounts(tx, [account.id for account in accounts])
    won = _won(tx, ledger, known)
    new: list[dict[str, Any]] = []
    derived = []
    for account in accounts:
        rows = known.get(account.id, [])
        last = rows[-1] if rows else None
        is_open = last is not None and last.ended_at is None
        stage = playbook.stage(account.stage)
        if is_customer(playbook, account.stage) and account.id in won:
            told = by_deals(account, won[account.id], ledger.at)
            if _redate(tx, rows, told, ledger):
                new += told[len(rows) :]
                derived.append(account.id)
        elif account.id not in entered:
            continue
        elif is_customer(playbook, account.stage) and not is_open:
            number = last.number + 1 if last else account.term
            new.append(since(account, number, account.stage_entered_at, ledger.at))
        elif is_open and last is not None and stage is not None and stage.exit:
            _end(tx, account, last, ledger)
    _begin(tx, accounts, new, set(derived), ledger)
    return len(derived)


def _won(tx: Tx, ledger: Ledger, known: dict[int, list[Term]]) -> dict[int, list[date]]:
    """The won deals of those whose terms these may tell: nobody but imports has said otherwise."""
    ids = [one for one in dict.fromkeys(ledger.dealt) if _from_imports(known.get(one, ()))]
    noted = terms.noted(tx, [one for one in ids if one in known])
    return imports.won_on(tx, [one for one in ids if one not in noted])


def _from_imports(rows: Sequence[Term]) -> bool:
    if rows and rows[-1].ended_at is not None:
        return False
    return all(row.source == "import" and row.outcome in (None, RENEWED) for row in rows)


def _redate(tx: Tx, rows: Sequence[Term], told: Sequence[dict[str, Any]], ledger: Ledger) -> bool:
    """Gives the terms that are there the dates the deals tell; says whether any differs."""
    if len(told) < len(rows):
        return False  # more renewals are known than these deals tell of
    differs = len(told) > len(rows)
    for term, row in zip(rows, told, strict=False):
        if (term.began_at, term.ended_at) != (row["began_at"], row["ended_at"]):
            before = {name: _as_json(getattr(term, name)) for name in _DATED}
            after = {name: _as_json(row[name]) for name in _DATED}
            ledger.note("term", term.id, before, {**after, "derived": True})
            terms.redate(tx, term.id, {name: row[name] for name in _DATED})
            differs = True
    return differs


def _begin(
    tx: Tx, accounts: Iterable[Known], new: list[dict[str, Any]], derived: set[int], ledger: Ledger
) -> None:
    """Writes new terms, and the number of the last on its account."""
    imports.insert(tx, Term, new)
    made = {(row["account_id"], row["number"]): row["ended_at"] for row in new}
    for term_id, account_id, number in terms.by_imports(tx, sorted({one for one, _ in made})):
        if (account_id, number) in made:
            after = {"derived": True, "ended_at": _as_json(made[account_id, number])}
            ledger.note("term", term_id, None, after if account_id in derived else {})
    numbers = {row["account_id"]: row["number"] for row in new}
    for account in accounts:
        if numbers.get(account.id, account.term) != account.term:
            terms.set_number(tx, account.id, numbers[account.id])


def _end(tx: Tx, account: Known, term: Term, ledger: Ledger) -> None:
    before = {"check_at": _as_json(term.check_at)}
    ledger.note("term", term.id, before, {"ended_at": ledger.at.isoformat()})
    terms.end_by_import(tx, term.id, account.stage, account.renews_on, ledger.at)


def _as_json(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
