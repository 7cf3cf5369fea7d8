"""A CSV file dropped into the bot's messages: what it would do, and bringing it in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.actions.audit import audit_action
from bot.actions.work import Work
from bot.rules.errors import UserError
from bot.rules.imports.csv_file import Sheet, read_sheet
from bot.rules.imports.headings import ACCOUNT_HEADINGS, DEAL_HEADINGS, Columns, listed, recognise
from db.imports.imports import Outrun

# Imports are loaded with the first file: they are a dozen modules, and files come once in a while.
if TYPE_CHECKING:
    from bot.actions.imports.imports import Brought, Job

# As much as is read, tried and answered well within Slack's patience; more goes by the terminal.
MOST_BYTES = 1_000_000
MOST_ROWS = 2_000
# What only a list of deals has.
_OF_DEALS = ("closed", "won_on", "lost_on")


def bring(work: Work, name: str, data: bytes) -> Brought:
    """Brings a file in; the caller rolls back for a dry run.

    UserError when the file cannot be understood or is too long.
    """
    from bot.actions.imports.imports import bring_in

    sheet = read_sheet(data, name)
    if len(sheet.lines) > MOST_ROWS:
        raise UserError(
            f"{name} has {len(sheet.lines):,} rows; here I take {MOST_ROWS:,}. Whoever runs "
            f"Linchpin brings it in with `python -m bot import {name}`."
        )
    job = _job(name, data, sheet)
    try:
        brought = bring_in(work, job, lambda *_: None)
    except Outrun:
        raise UserError(
            "Somebody changed an account just now, so nothing was brought in. Press it once more."
        ) from None
    audit_action(
        work, f"import:{brought.run}", "import.asked", {"file": name, "digest": job.digest}
    )
    return brought


def _job(name: str, data: bytes, sheet: Sheet) -> Job:
    from bot.actions.imports.imports import Job

    digest = hashlib.sha256(data).hexdigest()
    deals = _columns(sheet, DEAL_HEADINGS, "account")
    if deals is not None and any(deals.place(field) is not None for field in _OF_DEALS):
        return Job(name, digest, deals=sheet)
    if _columns(sheet, ACCOUNT_HEADINGS, "name") is not None:
        return Job(name, digest, accounts=sheet)
    raise UserError(
        f"I see no column with the account's name in {name}: its headings are "
        f"{listed(sheet.headings)}. Call that column Account and drop the file here again."
    )


def _columns(sheet: Sheet, known: Mapping[str, tuple[str, ...]], needed: str) -> Columns | None:
    try:
        return recognise(sheet.headings, known, (), needed=needed)
    except UserError:
        return None
