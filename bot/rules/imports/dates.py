"""Dates as exports write them: the whole column decides whether 03/04/2027 is April or March."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from bot.rules.errors import UserError

Order = Literal["dmy", "mdy"]

_NUMBERS: Final = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?!\d)")
_DAY_WORD: Final = re.compile(r"(\d{1,2})[\s\-.]+([a-z]{3,9})[\s\-.,]+(\d{4}|\d{2})(?!\d)", re.I)
_WORD_DAY: Final = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})(?!\d)", re.I)
_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()


@dataclass
class DateColumn:
    """Reads the dates of one column, knowing whether the day or the month comes first."""

    order: Order
    _seen: dict[str, date] = field(default_factory=dict)

    def read(self, cell: str) -> date | None:
        """The date in a cell, None for an empty one; ValueError says what would be right."""
        if cell and cell not in self._seen:
            self._seen[cell] = parse_date(cell, self.order)
        return self._seen.get(cell)


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
    """The number of a month; ValueError for another word."""
    return _MONTHS.index(name[:3].lower()) + 1


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)


def date_columns(
    cells: Mapping[str, Iterable[str]], asked: Order | None = None
) -> dict[str, DateColumn]:
    """A reader for each date column: heading -> its cells in, heading -> reader out.

    A column whose dates do not show their order follows the others, which come from the same
    program. UserError when no column shows it and it matters.
    """
    if asked is not None:
        return {heading: DateColumn(asked) for heading in cells}
    evidence = {heading: _proven_orders(column) for heading, column in cells.items()}
    proven = {order for orders, _ in evidence.values() for order in orders}
    readers: dict[str, DateColumn] = {}
    for heading, (orders, open_cell) in evidence.items():
        candidates = orders or (proven if open_cell else {"dmy"})
        if len(candidates) != 1:
            column = f'the column "{heading}"'
            why = f'"{open_cell}" in {column} can be read with the day or the month first'
            if orders:
                why = f"The dates of {column} are partly day first, partly month first"
            raise UserError(f"{why}. Say which: --dates dmy or --dates mdy. Nothing was written.")
        readers[heading] = DateColumn(next(iter(candidates)))
    return readers


def _proven_orders(cells: Iterable[str]) -> tuple[set[Order], str | None]:
    """The orders that a column's cells prove, and a cell that could be read both ways."""
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
