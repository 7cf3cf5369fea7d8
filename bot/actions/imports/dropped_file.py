"""Tries and imports a CSV file that was dropped into the bot's messages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.actions.audit import audit_action
from bot.actions.work import Work
from bot.rules.errors import UserError
from bot.rules.imports.contacts import is_of_people
from bot.rules.imports.csv_file import Sheet, read_sheet
from bot.rules.imports.headings import (
    ACCOUNT_HEADINGS,
    CONTACT_HEADINGS,
    DEAL_HEADINGS,
    Columns,
    find_columns,
    list_headings,
)
from db.imports.imports import ConcurrentChange

# The import is a dozen modules and files are rare, so it is loaded with the first one.
if TYPE_CHECKING:
    from bot.actions.imports.imports import ImportJob, ImportOutcome

# So much is read, tried and answered before Slack times out; larger files go by the terminal.
MAX_BYTES = 1_000_000
MAX_ROWS = 2_000
# Fields that only a list of deals has.
_DEAL_FIELDS = ("closed", "won_on", "lost_on")


def import_dropped_file(work: Work, name: str, data: bytes) -> ImportOutcome:
    """Brings a file in; the caller rolls back for a dry run.

    UserError when the file cannot be understood or is too long.
    """
    from bot.actions.imports.imports import import_at_once

    sheet = read_sheet(data, name)
    if len(sheet.lines) > MAX_ROWS:
        raise UserError(
            f"{name} has {len(sheet.lines):,} rows; here I take {MAX_ROWS:,}. Whoever runs "
            f"Linchpin brings it in with `python -m bot import {name}`."
        )
    job = _build_job(name, data, sheet)
    try:
        outcome = import_at_once(work, job, lambda *_: None)
    except ConcurrentChange:
        raise UserError(
            "Somebody changed an account just now, so nothing was brought in. Press it once more."
        ) from None
    detail = {"file": name, "digest": job.digest}
    audit_action(work, f"import:{outcome.run}", "import.asked", detail)
    return outcome


def _build_job(name: str, data: bytes, sheet: Sheet) -> ImportJob:
    from bot.actions.imports.imports import ImportJob

    digest = hashlib.sha256(data).hexdigest()
    deals = _find_columns(sheet, DEAL_HEADINGS, "account")
    if deals is not None and any(deals.place(field) is not None for field in _DEAL_FIELDS):
        return ImportJob(name, digest, deals=sheet)
    people = _find_columns(sheet, CONTACT_HEADINGS, "account")
    if people is not None and is_of_people(people):
        return ImportJob(name, digest, contacts=sheet)
    if _find_columns(sheet, ACCOUNT_HEADINGS, "name") is not None:
        return ImportJob(name, digest, accounts=sheet)
    raise UserError(
        f"I see no column with the account's name in {name}: its headings are "
        f"{list_headings(sheet.headings)}. Call that column Account and drop the file here again."
    )


def _find_columns(
    sheet: Sheet, known: Mapping[str, tuple[str, ...]], needed: str
) -> Columns | None:
    try:
        return find_columns(sheet.headings, known, (), needed=needed)
    except UserError:
        return None
