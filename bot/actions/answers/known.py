"""Goals, risks, alternatives and decision dates of an account: settled, corrected, added."""

from __future__ import annotations

from datetime import date

from bot.actions.accounts.accounts import require_live
from bot.actions.answers.rows import MAX_ALTERNATIVE_LENGTH, save_alternative, save_learned
from bot.actions.audit import audit_action
from bot.actions.briefs import briefs
from bot.actions.work import Work
from bot.messages.answers.known import KnownRow
from bot.rules.answers import MAX_TEXT_LENGTH
from bot.rules.errors import UserError
from bot.rules.text import names
from db.accounts import accounts
from db.answers import answers
from db.briefs import known
from db.core.tx import Tx
from db.lifecycle import decisions
from db.models import Account, Alternative, Learned

ALTERNATIVE = "alternative"
KINDS = ("notice", "goal", "risk", ALTERNATIVE, "decision date")


def list_known(tx: Tx, account: Account) -> list[KnownRow]:
    """What stands, kind by kind, the newest first."""
    others = [
        row
        for row in decisions.list_alternatives(tx, account.id)
        if row.settled_at is None and row.term == account.term
    ]
    learned = known.list_learned(tx, account)
    rows = [*map(known_row, learned), *map(known_row, others)]
    return sorted(rows, key=lambda row: KINDS.index(row.kind))


def known_row(row: Learned | Alternative) -> KnownRow:
    """A row as messages show it."""
    key = answers.row_key(row)
    if isinstance(row, Alternative):
        return KnownRow(key, ALTERNATIVE, row.name, None, row.by_user, row.at)
    answered = row.answered_by_touchpoint is not None
    return KnownRow(key, row.kind, row.text, row.due_on, row.by_user, row.created_at, answered)


def load(tx: Tx, key: str) -> tuple[Learned | Alternative, Account]:
    """The row of a key like "learned:7", and its account. Raises `UserError` when it is gone."""
    row = answers.row_of(tx, key)
    account = accounts.by_id(tx, row.account_id) if row is not None else None
    if account is None or not isinstance(row, Learned | Alternative):
        raise UserError("That line is no longer there: it was taken back.")
    return row, account


def settle(work: Work, key: str, *, settled: bool = True) -> tuple[KnownRow, Account]:
    """Ends a line that is reached, settled or none any more; or lets it stand again."""
    row, account = load(work.tx, key)
    row.settled_at, row.settled_by = (work.now, work.by.user) if settled else (None, None)
    _refresh(work, account)
    _write_audit(work, key, "settled" if settled else "reopened", account)
    return known_row(row), account


def answer_risk(work: Work, key: str, touchpoint_id: int) -> None:
    """Links a risk to the promise that was made against it: it no longer stands open."""
    row, account = load(work.tx, key)
    assert isinstance(row, Learned)
    row.answered_by_touchpoint = touchpoint_id
    _write_audit(work, key, "answered", account)


def correct(work: Work, key: str, text: str, due_on: date | None) -> tuple[KnownRow, Account]:
    """Gives a line other words or another day."""
    row, account = load(work.tx, key)
    text = _check_text(text, row)
    if isinstance(row, Alternative):
        same = [a for a in decisions.list_alternatives(work.tx, account.id) if a.id != row.id]
        if names.key(text) in {each.name_key for each in same}:
            raise UserError("That one is there already. Settle one of the two.")
        row.name, row.name_key = text, names.key(text)
    else:
        row.text, row.due_on = text, due_on
    _refresh(work, account)
    _write_audit(work, key, "corrected", account)
    return known_row(row), account


def add(work: Work, account: Account, kind: str, text: str, due_on: date | None) -> KnownRow:
    """Adds a line that no play brought back."""
    require_live(account)
    text = _check_text(text, None)
    if kind == ALTERNATIVE:
        row: Learned | Alternative = save_alternative(work, account, text[:MAX_ALTERNATIVE_LENGTH])
    else:
        row = save_learned(work, account, kind, text, due_on)
    _refresh(work, account)
    _write_audit(work, answers.row_key(row), "added", account)
    return known_row(row)


def _refresh(work: Work, account: Account) -> None:
    work.tx.flush()
    briefs.refresh(work, account)


def _check_text(text: str, row: Learned | Alternative | None) -> str:
    text = " ".join(text.split())
    most = MAX_ALTERNATIVE_LENGTH if isinstance(row, Alternative) else MAX_TEXT_LENGTH
    if not text or len(text) > most:
        raise UserError(f"Write one line of at most {most} characters.")
    return text


def _write_audit(work: Work, key: str, verb: str, account: Account) -> None:
    audit_action(work, key, f"known.{verb}", {"account": account.id})
