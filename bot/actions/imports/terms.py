"""Gives the accounts that an import brings into a stage their term, and ends those they leave.

Won deals tell when terms began. What they tell counts over what an earlier import took for
granted, as long as nobody has noted anything in a term.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from bot.actions.imports.change_log import ChangeLog
from bot.actions.terms.backfill import RENEWED, term_rows_from_deals, term_without_deals
from bot.rules.imports.merge import Known
from bot.rules.playbook.playbook import Playbook
from bot.rules.terms import is_customer
from db.core.tx import Tx
from db.imports import imports
from db.models import Term
from db.terms import terms

_DATE_FIELDS = ("began_at", "ended_at", "outcome", "check_at")


def write_terms(tx: Tx, playbook: Playbook, ledger: ChangeLog) -> int:
    """Begins and ends terms as the import's moves and deals ask for, noting each to be taken back.

    Returns how many accounts have their terms from won deals now, and had not before.
    """
    terms.check_soon(tx, ledger.renewed, ledger.at)
    entered, wanted = set(ledger.entered), {*ledger.entered, *ledger.dealt}
    if not wanted:
        return 0
    accounts = list(map(Known._make, imports.list_known_among(tx, "id", wanted)))
    known = terms.terms_by_account(tx, [account.id for account in accounts])
    won = _won_deals(tx, ledger, known)
    new: list[dict[str, Any]] = []
    derived = []
    for account in accounts:
        rows = known.get(account.id, [])
        last = rows[-1] if rows else None
        is_open = last is not None and last.ended_at is None
        stage = playbook.stage(account.stage)
        if is_customer(playbook, account.stage) and account.id in won:
            told = term_rows_from_deals(account, won[account.id], ledger.at)
            if _correct_dates(tx, rows, told, ledger):
                new += told[len(rows) :]
                derived.append(account.id)
        elif account.id not in entered:
            continue
        elif is_customer(playbook, account.stage) and not is_open:
            number = last.number + 1 if last else account.term
            new.append(term_without_deals(account, number, account.stage_entered_at, ledger.at))
        elif is_open and last is not None and stage is not None and stage.exit:
            _end_term(tx, account, last, ledger)
    _begin_terms(tx, accounts, new, set(derived), ledger)
    return len(derived)


def _won_deals(tx: Tx, ledger: ChangeLog, known: dict[int, list[Term]]) -> dict[int, list[date]]:
    """The won deals of those whose terms these may tell: nobody but imports has said otherwise."""
    ids = [one for one in dict.fromkeys(ledger.dealt) if _are_from_imports(known.get(one, ()))]
    noted = terms.accounts_with_notes(tx, [one for one in ids if one in known])
    return imports.won_deal_dates(tx, [one for one in ids if one not in noted])


def _are_from_imports(rows: Sequence[Term]) -> bool:
    if rows and rows[-1].ended_at is not None:
        return False
    return all(row.source == "import" and row.outcome in (None, RENEWED) for row in rows)


def _correct_dates(
    tx: Tx, rows: Sequence[Term], told: Sequence[dict[str, Any]], ledger: ChangeLog
) -> bool:
    """Gives the terms that are there the dates the deals tell; says whether any differs."""
    if len(told) < len(rows):
        return False  # more renewals are known than these deals tell of
    differs = len(told) > len(rows)
    for term, row in zip(rows, told, strict=False):
        if (term.began_at, term.ended_at) != (row["began_at"], row["ended_at"]):
            before = {name: _as_json(getattr(term, name)) for name in _DATE_FIELDS}
            after = {name: _as_json(row[name]) for name in _DATE_FIELDS}
            ledger.note("term", term.id, before, {**after, "derived": True})
            terms.set_dates(tx, term.id, {name: row[name] for name in _DATE_FIELDS})
            differs = True
    return differs


def _begin_terms(
    tx: Tx,
    accounts: Iterable[Known],
    new: list[dict[str, Any]],
    derived: set[int],
    ledger: ChangeLog,
) -> None:
    """Writes new terms, and the number of the last on its account."""
    imports.insert_many(tx, Term, new)
    made = {(row["account_id"], row["number"]): row["ended_at"] for row in new}
    for term_id, account_id, number in terms.list_begun_by_imports(
        tx, sorted({one for one, _ in made})
    ):
        if (account_id, number) in made:
            after = {"derived": True, "ended_at": _as_json(made[account_id, number])}
            ledger.note("term", term_id, None, after if account_id in derived else {})
    numbers = {row["account_id"]: row["number"] for row in new}
    for account in accounts:
        if numbers.get(account.id, account.term) != account.term:
            terms.set_number(tx, account.id, numbers[account.id])


def _end_term(tx: Tx, account: Known, term: Term, ledger: ChangeLog) -> None:
    before = {"check_at": _as_json(term.check_at)}
    ledger.note("term", term.id, before, {"ended_at": ledger.at.isoformat()})
    terms.end_by_import(tx, term.id, account.stage, account.renews_on, ledger.at)


def _as_json(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
