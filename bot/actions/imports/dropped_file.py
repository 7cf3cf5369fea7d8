"""Tries and imports a CSV file that was dropped into the bot's messages."""

import hashlib

from bot.actions.audit import audit_action
from bot.actions.work import Work
from bot.rules.errors import UserError
from bot.rules.imports.contacts import is_of_people
from bot.rules.imports.headings import (
    Columns,
    find_columns,
    list_headings,
)
from bot.rules.imports.result import Outcome, flag_for
from bot.rules.imports.sheet import Sheet, read_sheet
from db.imports.imports import ConcurrentChange

# So much is read, tried and answered before Slack times out; larger files go by the terminal.
MAX_BYTES = 1_000_000
MAX_ROWS = 2_000
# Fields that only a list of deals has.
_DEAL_FIELDS = ("closed", "won_on", "lost_on")


def import_dropped_file(work: Work, name: str, data: bytes) -> Outcome:
    """Brings a file in; UserError when it cannot be understood or is too long."""
    # The import is a dozen modules and files are rare, so it is loaded with the first one.
    from bot.actions.imports.imports import import_at_once
    from bot.actions.imports.process import ImportJob

    sheet = read_sheet(data, name)
    if len(sheet.lines) > MAX_ROWS:
        raise UserError(
            f"{name} has {len(sheet.lines):,} rows; here I take {MAX_ROWS:,}. Whoever runs "
            f"Linchpin brings it in with `python -m bot import {name}`."
        )
    job = ImportJob(name, hashlib.sha256(data).hexdigest(), {_find_kind(name, sheet): sheet})
    try:
        outcome = import_at_once(work, job)
    except ConcurrentChange:
        raise UserError(
            "Somebody changed an account just now, so nothing was brought in. Press it once more."
        ) from None
    if outcome.needed:
        asked = outcome.needed[0]
        raise UserError(f"{asked.text} {flag_for(asked)}.")
    detail = {"file": name, "digest": job.digest}
    audit_action(work, f"import:{outcome.run}", "import.asked", detail)
    return outcome


def _find_kind(name: str, sheet: Sheet) -> str:
    deals = _find_columns(sheet, "deals")
    if deals is not None and any(field in deals.places for field in _DEAL_FIELDS):
        return "deals"
    people = _find_columns(sheet, "contacts")
    if people is not None and is_of_people(people):
        return "contacts"
    if _find_columns(sheet, "accounts") is not None:
        return "accounts"
    raise UserError(
        f"I see no column with the account's name in {name}: its headings are "
        f"{list_headings(sheet.headings)}. Call that column Account and drop the file here again."
    )


def _find_columns(sheet: Sheet, kind: str) -> Columns | None:
    try:
        return find_columns(sheet.headings, kind)
    except UserError:
        return None
