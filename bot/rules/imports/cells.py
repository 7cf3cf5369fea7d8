"""Dates and amounts as exports write them: a whole column decides whether 03/04/2027 is April."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from bot.rules.errors import UserError
from bot.rules.imports.csv_file import Sheet
from bot.rules.imports.headings import Columns
from bot.rules.text.money import Money, parse_money

Order = Literal["dmy", "mdy"]

_NUMBERS: Final = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?!\d)")
_DAY_WORD: Final = re.compile(r"(\d{1,2})[\s\-.]+([a-z]{3,9})[\s\-.,]+(\d{4}|\d{2})(?!\d)", re.I)
_WORD_DAY: Final = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})(?!\d)", re.I)
_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTHLY: Final = re.compile(r"mrr|month", re.IGNORECASE)
_NOTHING: Final = re.compile(r"[^1-9]*")


@lru_cache(maxsize=10_000)
def parse_date(cell: str, order: Order) -> date:
    """One date, without a time of day that follows it; ValueError with a sentence."""
    words = cell.strip()
    with suppress(ValueError):
        return date.fromisoformat(words[:10])
    with suppress(ValueError):
        return date(*_parts(words, order))
    raise ValueError(f'"{words}" is no date: write it like 2027-03-31')


def _parts(words: str, order: Order) -> tuple[int, int, int]:
    """Year, month, day as written, in any of the other shapes; ValueError when it is in none."""
    if match := _YEAR_FIRST.match(words):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _NUMBERS.match(words):
        first, second = int(match[1]), int(match[3])
        # Nobody writes the month first with dots.
        day_first = match[2] == "." or order == "dmy"
        day, month = (first, second) if day_first else (second, first)
        return _year(match[4]), month, day
    if match := _DAY_WORD.match(words):
        return _year(match[3]), _month(match[2]), int(match[1])
    if match := _WORD_DAY.match(words):
        return _year(match[3]), _month(match[1]), int(match[2])
    raise ValueError(words)


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)


def read_days(cells: Mapping[str, str], orders: Mapping[str, Order]) -> dict[str, date | None]:
    """The dates of a row by field, None for an empty cell; ValueError says what would be right."""
    return {
        field: parse_date(cells[field], order) if cells[field] else None
        for field, order in orders.items()
    }


def field_orders(
    sheet: Sheet, columns: Columns, fields: Iterable[str], asked: Order | None
) -> dict[str, Order]:
    """What comes first in each of the fields that has a column: as `date_orders`."""
    known = [field for field in fields if field in columns.places]
    cells = {
        columns.heading(field): [line.cells[columns.places[field]] for line in sheet.lines]
        for field in known
    }
    orders = date_orders(cells, asked)
    return {field: orders[columns.heading(field)] for field in known}


def date_orders(cells: Mapping[str, Iterable[str]], asked: Order | None = None) -> dict[str, Order]:
    """What comes first in each date column: heading -> cells in, heading -> order out. A column
    that does not show it follows the others; UserError when none shows it and it matters."""
    if asked is not None:
        return dict.fromkeys(cells, asked)
    evidence = {heading: _proven_orders(column) for heading, column in cells.items()}
    proven = {order for orders, _ in evidence.values() for order in orders}
    found: dict[str, Order] = {}
    for heading, (orders, open_cell) in evidence.items():
        candidates = orders or (proven if open_cell else {"dmy"})
        if len(candidates) != 1:
            column = f'the column "{heading}"'
            why = f'"{open_cell}" in {column} can be read with the day or the month first'
            if orders:
                why = f"The dates of {column} are partly day first, partly month first"
            raise UserError(f"{why}. Say which: --dates dmy or --dates mdy. Nothing was written.")
        found[heading] = next(iter(candidates))
    return found


def _proven_orders(cells: Iterable[str]) -> tuple[set[Order], str | None]:
    orders: set[Order] = set()
    open_cell = None
    for cell in set(cells):
        match = _NUMBERS.match(cell.strip())
        if not match or match[2] == ".":
            continue
        first, second = int(match[1]), int(match[3])
        if first > 12 >= second:
            orders.add("dmy")
        elif second > 12 >= first:
            orders.add("mdy")
        elif first != second and max(first, second) <= 12:
            open_cell = min(cell, open_cell or cell)
    return orders, open_cell


def read_amount(cell: str, unit: str, heading: str, currency: str | None) -> Money | None:
    """The yearly amount of a cell, in the currency of `unit` or else in `currency`; None for
    none, zero and words. `heading` tells an amount a month. ValueError with one sentence."""
    if _NOTHING.fullmatch(cell):
        return None
    named = parse_money(f"1 {unit}") if unit else None
    try:
        money = parse_money(cell, (named.currency if named else None) or currency)
    except ValueError:
        money = None
    if money is None:
        raise ValueError(f'"{cell}" is no amount: write it like 12000 or 12000 EUR')
    times = 12 if _MONTHLY.search(heading) else 1
    return money._replace(hundredths=money.hundredths * times)
