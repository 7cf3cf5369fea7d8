"""The deals that a sheet lists, row by row, and why rows are rejected."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from bot.rules.imports.cells import Order, field_orders, read_amount, read_days
from bot.rules.imports.csv_file import Sheet
from bot.rules.imports.deals import Deal, outcome_of
from bot.rules.imports.headings import Columns
from bot.rules.imports.result import NO_ACCOUNT, Result
from bot.rules.text.money import Money
from bot.rules.text.names import key

_DATES: Final = ("created", "closed", "won_on", "lost_on")
_WHOLE: Final = re.compile(r"(-?\d+)\.0+")
_PRIMARY: Final = re.compile(r"\s*\([^()]*@[^()]*\)|\s*\(\d+\)$")


def read_deals(
    sheet: Sheet, columns: Columns, today: date, dates: Order | None, currency: str | None = None
) -> tuple[list[Deal], Result]:
    """The deals of a sheet and the rows that were left out; UserError when dates are unclear."""
    result, deals = Result(rejects=list(sheet.ragged)), []
    orders = field_orders(sheet, columns, _DATES, dates)
    seen: dict[str, int] = {}
    for line in sheet.lines:
        cells = columns.cells(line)
        if not cells["account"] and not cells["account_id"]:
            result.skip(NO_ACCOUNT, line.row)
            continue
        try:
            deal = _parse_deal(line.row, cells, read_days(cells, orders), today)
        except ValueError as error:
            result.reject(line.row, str(error))
            continue
        if deal.id in seen:
            result.reject(line.row, f"deal {deal.id} is already in row {seen[deal.id]}")
            continue
        seen[deal.id] = line.row
        deals.append(deal._replace(worth=_worth(cells, columns.heading("amount"), currency)))
    return deals, result


def _worth(cells: Mapping[str, str], heading: str, currency: str | None) -> Money | None:
    """A deal's amount; one that cannot be read stands in its story only."""
    try:
        return read_amount(cells["amount"], cells["currency"], heading, currency)
    except ValueError:
        return None


def _parse_deal(
    row: int, cells: Mapping[str, str], days: Mapping[str, date | None], today: date
) -> Deal:
    """ValueError with a sentence for dates that cannot be."""
    # Pipedrive's deals without an outcome have a won or lost time.
    by_dates = "won" if days.get("won_on") else "lost" if days.get("lost_on") else ""
    step = cells["outcome"] or by_dates
    outcome = outcome_of(step)
    # An open deal's close date is only a hope and is not read.
    closed = days.get(f"{outcome}_on") or days.get("closed") if outcome != "open" else None
    created = days.get("created")
    for verb, day in (("created", created), ("closed", closed)):
        if day is not None and day > today:
            raise ValueError(f"{verb} on {day}, which is in the future")
    if created is not None and closed is not None and closed < created:
        created = None  # a CRM that was migrated: that is the day of the move
    deal = Deal(
        row=row,
        id=cells["deal_id"],
        account=cells["account"],
        account_key=key(cells["account"]),
        account_id=cells["account_id"] or None,
        agent=_PRIMARY.sub("", cells["agent"]),
        title=cells["title"],
        amount=_WHOLE.sub(r"\1", cells["amount"]),
        outcome=outcome,
        step=step,
        created=created,
        closed=closed,
        type=cells["type"],
    )
    return deal if deal.id else deal._replace(id=_stable_id(deal))


def _stable_id(deal: Deal) -> str:
    """An id that stays the same from export to export, for a file that has none."""
    marks: Sequence[object] = (deal.account_key, deal.account_id, deal.title, deal.created)
    return hashlib.sha256(repr(marks).encode()).hexdigest()[:16]
