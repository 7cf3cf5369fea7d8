"""Begins and ends terms for the accounts that an import moves, dated by won deals."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from bot.actions.imports.change_log import ChangeLog
from bot.actions.terms.backfill import RENEWED, term_rows_from_deals, term_without_deals
from bot.actions.work import Work
from bot.rules.imports.merge import Known, to_json
from bot.rules.terms import is_customer
from db.core.tx import Tx
from db.imports import imports
from db.models import Term
from db.terms import terms

_DATE_FIELDS = ("began_at", "ended_at", "outcome")


def write_terms(work: Work, log: ChangeLog) -> int:
    """Begins and ends terms as moves and deals ask for; returns how many accounts deals dated."""
    tx, playbook = work.tx, work.playbook
    entered, wanted = set(log.entered), {*log.entered, *log.dealt}
    if not wanted:
        return 0
    accounts = list(map(Known._make, imports.list_known_among(tx, "id", wanted)))
    known = terms.terms_by_account(tx, [account.id for account in accounts])
    won = _won_deals(tx, log, known)
    new: list[dict[str, Any]] = []
    derived = []
    for account in accounts:
        rows = known.get(account.id, [])
        last = rows[-1] if rows else None
        is_open = last is not None and last.ended_at is None
        stage = playbook.stage(account.stage)
        if is_customer(playbook, account.stage) and account.id in won:
            from_deals = term_rows_from_deals(account, won[account.id], log.at)
            if _correct_dates(rows, from_deals, log):
                new += from_deals[len(rows) :]
                derived.append(account.id)
        elif account.id not in entered:
            continue
        elif is_customer(playbook, account.stage) and not is_open:
            number = last.number + 1 if last else account.term
            new.append(term_without_deals(account, number, account.stage_entered_at, log.at))
        elif is_open and last is not None and stage is not None and stage.exit:
            log.note("term", last.id, {"ended_at": None}, {"ended_at": to_json(log.at)})
            last.ended_at, last.outcome, last.renews_on = log.at, account.stage, account.renews_on
    _begin_terms(tx, accounts, new, set(derived), log)
    return len(derived)


def _won_deals(tx: Tx, log: ChangeLog, known: dict[int, list[Term]]) -> dict[int, list[date]]:
    """Account id -> the days of its won deals, for accounts whose terms only imports have dated."""
    ids = [i for i in dict.fromkeys(log.dealt) if _are_from_imports(known.get(i, ()))]
    noted = terms.accounts_with_notes(tx, [i for i in ids if i in known])
    return imports.won_deal_dates(tx, [i for i in ids if i not in noted])


def _are_from_imports(rows: Sequence[Term]) -> bool:
    if rows and rows[-1].ended_at is not None:
        return False
    return all(row.source == "import" and row.outcome in (None, RENEWED) for row in rows)


def _correct_dates(
    rows: Sequence[Term], from_deals: Sequence[dict[str, Any]], log: ChangeLog
) -> bool:
    """Gives known terms the dates of the deals; says whether there was anything to change."""
    if len(from_deals) < len(rows):
        return False  # more renewals are known than these deals tell of
    differs = len(from_deals) > len(rows)
    for term, row in zip(rows, from_deals, strict=False):
        if (term.began_at, term.ended_at) != (row["began_at"], row["ended_at"]):
            before = {name: to_json(getattr(term, name)) for name in _DATE_FIELDS}
            after = {name: to_json(row[name]) for name in _DATE_FIELDS}
            log.note("term", term.id, before, {**after, "derived": True})
            for name in _DATE_FIELDS:
                setattr(term, name, row[name])
            differs = True
    return differs


def _begin_terms(
    tx: Tx,
    accounts: Iterable[Known],
    new: list[dict[str, Any]],
    derived: set[int],
    log: ChangeLog,
) -> None:
    imports.insert_many(tx, Term, new)
    made = {(row["account_id"], row["number"]): row["ended_at"] for row in new}
    ids = sorted({account_id for account_id, _ in made})
    for term_id, account_id, number in terms.list_begun_by_imports(tx, ids):
        if (account_id, number) in made:
            after = {"derived": True, "ended_at": to_json(made[account_id, number])}
            log.note("term", term_id, None, after if account_id in derived else {})
    numbers = {row["account_id"]: row["number"] for row in new}
    for account in accounts:
        if numbers.get(account.id, account.term) != account.term:
            terms.set_number(tx, account.id, numbers[account.id])
