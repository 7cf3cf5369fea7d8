"""Tries and imports a file that was dropped into the bot's messages, with what was answered."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.actions.audit import audit_action
from bot.actions.imports.undo import undo_last_import
from bot.actions.work import Work
from bot.rules.errors import UserError
from bot.rules.imports.contacts import is_of_people
from bot.rules.imports.headings import Columns, find_columns
from bot.rules.imports.result import Outcome, UndoResult
from bot.rules.imports.sheet import Sheet, read_sheet
from db.imports import files, imports
from db.imports.imports import ConcurrentChange
from db.models import DroppedFile

if TYPE_CHECKING:
    from bot.actions.imports.process import ImportJob

# So much is read, tried and answered before Slack times out; larger files go by the terminal.
MAX_BYTES = 1_000_000
MAX_ROWS = 2_000
# Fields that only a list of deals has.
_DEAL_FIELDS = ("closed", "won_on", "lost_on")
_GONE = "That file was imported, cancelled or is too old. Drop it here again."


def read_dropped_file(name: str, data: bytes, answers: Mapping[str, str]) -> tuple[ImportJob, int]:
    """The file as an import, and how many rows it has; UserError when it cannot be understood."""
    # The import is a dozen modules and files are rare, so it is loaded with the first one.
    from bot.actions.imports.process import ImportJob

    sheet = read_sheet(data, name)
    rows = len(sheet.lines) + len(sheet.ragged)
    if rows > MAX_ROWS:
        raise UserError(
            f"{name} has {rows:,} rows; here I take {MAX_ROWS:,}. Whoever runs Linchpin brings it "
            f"in with `python -m bot import {name}`."
        )
    sheets = {_find_kind(sheet): sheet}
    return ImportJob(name, hashlib.sha256(data).hexdigest(), sheets, answers), rows


def try_dropped_file(work: Work, job: ImportJob) -> Outcome:
    """What bringing the file in would do; the caller rolls back."""
    from bot.actions.imports.imports import import_at_once

    try:
        return import_at_once(work, job)
    except ConcurrentChange:
        raise UserError(
            "Somebody changed an account just now, so nothing was brought in. Press it once more."
        ) from None


def import_dropped_file(work: Work, file: DroppedFile, job: ImportJob) -> Outcome:
    """Brings the file in; UserError while a question stands open that nothing comes in without."""
    outcome = try_dropped_file(work, job)
    if outcome.needed:
        raise UserError(f"Answer this first: {outcome.needed[0].text}")
    if outcome.run is None:
        raise UserError("Nothing in the file would change anything, so nothing was imported.")
    # Its answers hold words of the file, and nobody needs them any more.
    file.run, file.answers = outcome.run, {}
    detail = {"file": file.name, "digest": job.digest}
    audit_action(work, f"import:{outcome.run}", "import.asked", detail)
    return outcome


def open_file(work: Work, file_id: int, *, imported: bool = False) -> DroppedFile:
    """A file that waits for answers, or (`imported`) that came in; UserError when it does not."""
    file = work.tx.lock(DroppedFile, file_id)
    if file is None or (file.run is not None) != imported:
        raise UserError(_GONE)
    return file


def undo_dropped_file(work: Work, file: DroppedFile) -> UndoResult:
    """Takes its import back, if it is the last one."""
    last = imports.last_run(work.tx)
    if last is None or last.id != file.run:
        raise UserError(
            "Only the last import can be taken back, and this one is not, or it was taken back."
        )
    undone = undo_last_import(work.tx, work.now)
    audit_action(work, f"import:{file.run}", "import.undo_asked", {"file": file.name})
    files.forget(work.tx, file.id)
    return undone


def answer_question(work: Work, file: DroppedFile, key: str, value: str) -> None:
    """Keeps what was answered; UserError for a person who can manage no account."""
    if key.startswith("owner:"):
        people = {row[0] for row in imports.list_possible_managers(work.tx)}
        if value not in people:
            raise UserError("That person cannot manage accounts here: choose a full member.")
    file.answers = {**file.answers, key: value}


def _find_kind(sheet: Sheet) -> str:
    deals = _find_columns(sheet, "deals")
    if deals is not None and any(field in deals.places for field in _DEAL_FIELDS):
        return "deals"
    people = _find_columns(sheet, "contacts")
    if people is not None and is_of_people(people):
        return "contacts"
    return "accounts"


def _find_columns(sheet: Sheet, kind: str) -> Columns | None:
    try:
        return find_columns(sheet.headings, kind)
    except UserError:
        return None
