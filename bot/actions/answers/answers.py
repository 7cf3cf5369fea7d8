"""Keeps the line that a touchpoint brought back, once: a second Save changes it."""

from __future__ import annotations

from datetime import date

from bot.actions.answers import rows
from bot.actions.answers.rows import Source
from bot.actions.audit import audit_action
from bot.actions.briefs import briefs
from bot.actions.touchpoints.plays import records_of
from bot.actions.touchpoints.rendering import refresh_nudge
from bot.actions.work import Work
from bot.messages.kit.text import plain, when
from bot.rules.answers import MAX_TEXT_LENGTH, Answer
from bot.rules.errors import UserError
from bot.rules.playbook.sections import Records
from db.answers import answers
from db.core.tx import Tx
from db.models import Account, Touchpoint
from db.touchpoints import touchpoints

_NOT_ANSWERED = dict.fromkeys(("answer", "answered_at", "answered_by", "answer_row", "contact_id"))


def save(work: Work, touchpoint: Touchpoint, answer: Answer, *, today: date) -> Account:
    """Keeps what a touchpoint brought back; `UserError` if it is not done, or nothing was said."""
    account, kind = require_done(work, touchpoint)
    if not answer.text:
        raise UserError("Write one line, or press Nothing new.")
    if len(answer.text) > MAX_TEXT_LENGTH:
        raise UserError(
            f"That has {len(answer.text):,} characters; the limit is {MAX_TEXT_LENGTH}. "
            "Shorten it to one line, and /log the rest."
        )
    line = answer.line(kind)
    if line == touchpoint.answer and answer.contact_id == touchpoint.contact_id:
        return account
    if touchpoint.answer_row and (kept := rows.take_back(work, touchpoint)):
        raise UserError(kept)
    row = rows.write(Source(work, account, touchpoint, today), kind, answer)
    work.tx.flush()
    values = {"answer_row": answers.row_key(row), "contact_id": answer.contact_id}
    _keep(work, touchpoint, kind, answer=line, **values)
    audit_action(work, touchpoint, "touchpoint.answer", {"row": touchpoint.answer_row})
    refresh_nudge(work, touchpoint.nudge_id)
    briefs.update_gap(work, touchpoint, account)
    return account


def nothing_new(work: Work, touchpoint: Touchpoint) -> None:
    """Keeps that there was nothing new: the gap stays, and is not asked about for a while."""
    _, kind = require_done(work, touchpoint)
    if touchpoint.answered_at is not None and touchpoint.answer is None:
        return
    if kept := rows.take_back(work, touchpoint):
        raise UserError(kept)
    _keep(work, touchpoint, kind, answer=None, answer_row=None)


def take_back(work: Work, touchpoint: Touchpoint) -> str:
    """Takes the line back with its touchpoint; a sentence when there was one, or it has to stay."""
    if touchpoint.answered_at is None:
        return ""
    had, kept = touchpoint.answer, rows.take_back(work, touchpoint)
    touchpoints.save(work.tx, touchpoint, **_NOT_ANSWERED)
    if kept or had is None:
        return kept
    return f'What was written down of "{plain(touchpoint.title)}" is taken back too.'


def require_done(work: Work, touchpoint: Touchpoint) -> tuple[Account, Records]:
    """Its account and what it brings back, a note by default; `UserError` unless it is done."""
    account = work.tx.require(Account, touchpoint.account_id)
    if touchpoint.state != "done":
        raise UserError(
            f'"{plain(touchpoint.title)}" was reopened meanwhile, {when(touchpoint.state_at)}, '
            "so nothing was saved. Press Done again, or record it with /log."
        )
    return account, records_of(work.playbook, touchpoint) or "note"


def load(tx: Tx, touchpoint_id: int) -> Touchpoint:
    """The touchpoint, locked. Raises `UserError` when it is gone."""
    touchpoint = touchpoints.lock_touchpoint(tx, touchpoint_id)
    if touchpoint is None:
        raise UserError("That touchpoint is no longer there: it was planned anew.")
    return touchpoint


def _keep(work: Work, touchpoint: Touchpoint, kind: Records, **values: object) -> None:
    values |= {"answered_at": work.now, "answered_by": work.by.user, "records": kind}
    if not touchpoints.save(work.tx, touchpoint, **values):
        raise UserError("Somebody else changed it first. Look at the message again.")
