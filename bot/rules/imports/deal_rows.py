"""The deals that a sheet lists, row by row, and why rows are rejected."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot.rules.imports import dates as imports_dates
from bot.rules.imports.amounts import read_amount
from bot.rules.imports.csv_file import Line, Reject, Sheet
from bot.rules.imports.dates import DateColumn, Order
from bot.rules.imports.deals import Deal, outcome_of
from bot.rules.imports.headings import Columns
from bot.rules.text.money import Money
from bot.rules.text.names import key

#: Real exports have many rows without an account: they are reported in one line.
NO_ACCOUNT: Final = "no account named"
_DATES: Final = ("created", "closed", "won_on", "lost_on")
_WHOLE: Final = re.compile(r"(-?\d+)\.0+")
_PRIMARY: Final = re.compile(r"\s*\([^()]*@[^()]*\)|\s*\(\d+\)$")


@dataclass
class DealSheet:
    """The deals of a file and its rejected rows; `skipped`: reason -> rows, one line each."""

    deals: list[Deal] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    skipped: dict[str, list[int]] = field(default_factory=dict)


def read_deals(
    sheet: Sheet, columns: Columns, today: date, dates: Order | None, currency: str | None = None
) -> DealSheet:
    """The deals of a sheet, amounts without a currency in `currency`; UserError when its dates can
    be read two ways."""
    result = DealSheet(rejects=list(sheet.ragged))
    readers = _date_readers(sheet, columns, dates)
    seen: dict[str, int] = {}
    heading = columns.heading("amount") if columns.place("amount") is not None else ""
    for line in sheet.lines:
        cells = {field: line.cells[place].strip() for field, place in columns.places.items()}
        if not cells["account"] and not cells.get("account_id"):
            result.skipped.setdefault(NO_ACCOUNT, []).append(line.row)
            continue
        deal = _parse_deal(line, cells, readers, today)
        if isinstance(deal, Deal):
            deal = deal._replace(worth=_worth(cells, heading, currency))
        if isinstance(deal, Deal) and deal.id in seen:
            deal = Reject(line.row, f"deal {deal.id} is already in row {seen[deal.id]}")
        if isinstance(deal, Reject):
            result.rejects.append(deal)
        else:
            seen[deal.id] = line.row
            result.deals.append(deal)
    return result


def _worth(cells: Mapping[str, str], heading: str, currency: str | None) -> Money | None:
    """A deal's amount; one that cannot be read stands in its story only."""
    try:
        return read_amount(cells.get("amount", ""), cells.get("currency", ""), heading, currency)
    except ValueError:
        return None


def _date_readers(sheet: Sheet, columns: Columns, dates: Order | None) -> Mapping[str, DateColumn]:
    """A date reader for each field that holds dates."""
    fields = [field for field in _DATES if columns.place(field) is not None]
    cells = {
        columns.heading(field): [line.cells[columns.places[field]] for line in sheet.lines]
        for field in fields
    }
    by_heading = imports_dates.date_columns(cells, dates)
    return {field: by_heading[columns.heading(field)] for field in fields}


def _parse_deal(
    line: Line, cells: Mapping[str, str], readers: Mapping[str, DateColumn], today: date
) -> Deal | Reject:
    try:
        days = {field: reader.read(cells[field]) for field, reader in readers.items()}
    except ValueError as error:
        return Reject(line.row, str(error))
    # Pipedrive's deals without an outcome have a won or lost time.
    by_dates = "won" if days.get("won_on") else "lost" if days.get("lost_on") else ""
    step = cells.get("outcome", "") or by_dates
    outcome = outcome_of(step)
    closed = days.get(f"{outcome}_on") or days.get("closed") if outcome != "open" else None
    if (wrong := _impossible_dates_reason(days.get("created"), closed, today)) is not None:
        return Reject(line.row, wrong)
    created = days.get("created")
    if created is not None and closed is not None and closed < created:
        created = None  # a CRM that was migrated: that is the day of the move
    account = " ".join(cells["account"].split())
    deal = Deal(
        row=line.row,
        id=cells.get("deal_id", ""),
        account=account,
        account_key=key(account),
        account_id=cells.get("account_id") or None,
        agent=_PRIMARY.sub("", cells.get("agent", "")),
        title=cells.get("title", ""),
        amount=_WHOLE.sub(r"\1", cells.get("amount", "")),
        outcome=outcome,
        step=step,
        created=created,
        closed=closed,
        type=cells.get("type", ""),
    )
    return deal if deal.id else deal._replace(id=_stable_id(deal))


def _impossible_dates_reason(created: date | None, closed: date | None, today: date) -> str | None:
    """Why these dates cannot be. An open deal's close date is only a hope and is not read."""
    for verb, day in (("created", created), ("closed", closed)):
        if day is not None and day > today:
            return f"{verb} on {day}, which is in the future"
    return None


def _stable_id(deal: Deal) -> str:
    """An id that stays the same from export to export, for a file that has none."""
    marks: Sequence[object] = (deal.account_key, deal.account_id, deal.title, deal.created)
    return hashlib.sha256(repr(marks).encode()).hexdigest()[:16]
