"""Dates and amounts as exports write them: a whole column decides whether 03/04/2027 is April."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal

from bot.rules.imports.headings import Columns
from bot.rules.imports.result import Choice, Question, Result
from bot.rules.imports.sheet import Sheet
from bot.rules.language.calendar_words import MONTHS
from bot.rules.text.money import Money, parse_money
from bot.rules.text.words import plural

#: How a column writes its dates: "" while nobody has said what comes first.
Order = Literal["dmy", "mdy", "serial", "epoch", ""]

# What may stand behind a date, and nothing else.
_TIME: Final = (
    r"(?:[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?"
    r"\s*(?:Z|UTC|GMT|[A-Z]{3,4}|[+\-]\d{2}:?(?:\d{2})?)?)?"
)
_NUMBERS: Final = re.compile(
    rf"(\d{{1,2}})([/.\-])\s?(\d{{1,2}})\2\s?(\d{{4}}|\d{{2}}){_TIME}", re.I
)
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}})[/.\-](\d{{1,2}})[/.\-](\d{{1,2}}){_TIME}", re.I)
_COMPACT: Final = re.compile(rf"((?:19|20)\d\d)([01]\d)([0-3]\d){_TIME}", re.I)
_WEEKDAY: Final = r"(?:[^\W\d]+\.?,?\s+)?"
_DAY_WORD: Final = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th|er|º)?\.?[\s\-/]*(?:(?:de|of)\s+)?([^\W\d]{{3,}})\.?,?"
    rf"[\s\-/]*(?:(?:de|del)\s+)?'?(\d{{4}}|\d{{2}}){_TIME}",
    re.I,
)
_WORD_DAY: Final = re.compile(
    rf"{_WEEKDAY}([^\W\d]{{3,}})\.?[\s\-]+(\d{{1,2}})(?:st|nd|rd|th)?,?[\s\-]+(\d{{4}}){_TIME}",
    re.I,
)
#: Italian, Portuguese, Polish and the North's, beside those that people type in sentences, where
#: many of these are other words ("set", "out").
_MORE_MONTHS: Final = (
    "gennaio gen ene janeiro stycznia styczen sty",
    "febbraio fevereiro fev lutego luty lut",
    "marco marca marzec marts marz",
    "aprile kwietnia kwiecien kwi april",
    "maggio mag maio maj maja",
    "giugno giu junho czerwca czerwiec cze",
    "luglio lug julho lipca lipiec lip",
    "ago augusti sierpnia sierpien sie",
    "settembre set setembro wrzesnia wrzesien wrz",
    "ottobre ott outubro out pazdziernika pazdziernik paz ottobre oktober",
    "novembro listopada listopad lis",
    "dicembre dezembro des desember grudnia grudzien gru",
)


def _bare(word: str) -> str:
    """A word without accents, in small letters."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(one for one in letters if not unicodedata.combining(one))


_MONTH_NUMBERS: Final = {_bare(name): number for name, number in MONTHS.items()} | {
    name: number for number, names in enumerate(_MORE_MONTHS, 1) for name in names.split()
}
#: How people and programs write that there is no date; also the smallest and largest ones.
_NO_DATE: Final = re.compile(
    r"[\W_0]*|n\W?a\W?|n\.a\.|null|nil|none|never|unknown|undefined|not set|no date|"
    r"open|open.ended|"
    r"tb[adc]|to be \w+|pending|(?:auto\W?|automatic(?:ally)? )renew\w*|auto|rolling|evergreen|"
    r"ongoing|perpetual|indefinite|no end|unlimited|month(?:ly|.to.month)|nan|nat|#\S+",
    re.I,
)
_MONTHLY: Final = re.compile(r"mrr|month", re.IGNORECASE)
_NOTHING: Final = re.compile(r"[^1-9]*")
#: Excel counts days from here; a column of such numbers lies in these years.
_EXCEL_ZERO: Final = date(1899, 12, 30)
_SERIALS: Final = (range(25_569, 73_051), "serial")
_SECONDS: Final = (range(600_000_000, 4_103_000_000), "epoch")
_MILLISECONDS: Final = (range(600_000_000_000, 4_103_000_000_000), "epoch")
#: No history is older, and no date of it later.
HISTORY: Final = (date(1990, 1, 1), date(2100, 12, 31))


@lru_cache(maxsize=10_000)
def parse_date(cell: str, order: Order) -> date | None:
    """One date, without a time of day that follows it; None for none, and while the order is
    open. ValueError with a sentence."""
    words = " ".join(cell.split())
    if _NO_DATE.fullmatch(words):
        return None
    try:
        if words.removesuffix(".0").isdecimal() and not _COMPACT.fullmatch(words):
            return _from_number(int(words.removesuffix(".0")), order)
        if order == "" and is_open(words):
            return None
        year, month, day = _parts(words, order)
        if year < 1800 or year >= 3000 or (year, month) == (1900, 1):
            return None  # what programs write for "none"
        return date(year, month, day)
    except (ValueError, KeyError, OverflowError):
        raise ValueError(f'"{words}" is no date: write it like 2027-03-31') from None


def _from_number(number: int, order: Order) -> date:
    if order == "serial" and number in _SERIALS[0]:
        return _EXCEL_ZERO + timedelta(days=number)
    if order == "epoch":
        seconds = number // 1000 if number in _MILLISECONDS[0] else number
        return datetime.fromtimestamp(seconds, UTC).date()
    raise ValueError(number)


def _parts(words: str, order: Order) -> tuple[int, int, int]:
    """Year, month, day as written, in any of the other shapes; ValueError when it is in none."""
    if match := _YEAR_FIRST.fullmatch(words) or _COMPACT.fullmatch(words):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _NUMBERS.fullmatch(words):
        first, second = int(match[1]), int(match[3])
        # Nobody writes the month first with dots; and there are twelve months.
        day_first = match[2] == "." or first > 12 or (order != "mdy" and second <= 12)
        day, month = (first, second) if day_first else (second, first)
        return _year(match[4]), month, day
    if match := _DAY_WORD.fullmatch(words):
        return _year(match[3]), _MONTH_NUMBERS[_bare(match[2])], int(match[1])
    if match := _WORD_DAY.fullmatch(words):
        return _year(match[3]), _MONTH_NUMBERS[_bare(match[1])], int(match[2])
    raise ValueError(words)


def _year(digits: str) -> int:
    return int(digits) + ((2000 if digits < "70" else 1900) if len(digits) == 2 else 0)


def is_open(words: str) -> bool:
    """Whether a date can be read with the day or the month first."""
    match = _NUMBERS.fullmatch(words)
    if not match or match[2] == ".":
        return False
    first, second = int(match[1]), int(match[3])
    return first != second and 1 <= first <= 12 and 1 <= second <= 12


def read_days(
    cells: Mapping[str, str],
    orders: Mapping[str, Order],
    row: int,
    within: tuple[date, date],
    result: Result,
) -> dict[str, date | None]:
    """The dates of a row by field, None for an empty cell; one that cannot be is left out."""
    days: dict[str, date | None] = {}
    for field, order in orders.items():
        try:
            day = parse_date(cells[field], order)
        except ValueError:
            result.omit("no date can be read from", row, cells[field])
            day = None
        if day is not None and not within[0] <= day <= within[1]:
            result.omit("the date is too far from today in", row, cells[field])
            day = None
        days[field] = day
    return days


def field_orders(
    sheet: Sheet,
    columns: Columns,
    fields: Iterable[str],
    answers: Mapping[str, str],
    result: Result,
) -> dict[str, Order]:
    """What comes first in each of the fields that has a column. A column that does not show it
    follows the others; the result gets a question where none shows it and it matters."""
    cells = {
        field: [" ".join(line.cells[columns.places[field]].split()) for line in sheet.lines]
        for field in fields
        if field in columns.places
    }
    shown = {field: _proven_orders(column) for field, column in cells.items()}
    proven = {order for orders in shown.values() for order in orders}
    found: dict[str, Order] = {}
    for field, column in cells.items():
        heading = columns.heading(field)
        opened = sorted(filter(is_open, column))
        answer = answers.get(f"dates:{heading}") or answers.get("dates:")
        candidates = shown[field] or proven
        number = _number_kind(column)
        if number:
            found[field] = number
        elif answer in ("dmy", "mdy"):
            found[field] = "mdy" if answer == "mdy" else "dmy"
        elif len(candidates) == 1 or not opened:
            found[field] = next(iter(candidates), "dmy") if len(candidates) < 2 else "dmy"
        else:
            found[field] = ""
            result.questions.append(_dates_question(heading, opened, bool(shown[field])))
    return found


def _dates_question(heading: str, opened: list[str], mixed: bool) -> Question:
    count = plural(len(opened), "date")
    why = (
        "The other dates are partly day first, partly month first."
        if mixed
        else "No date in the file proves either."
    )
    orders: tuple[tuple[Order, str], ...] = (("dmy", "Day"), ("mdy", "Month"))
    choices = [
        Choice(order, f"{name} first: {day:%a} {day.day} {day:%b %Y}")
        for order, name in orders
        if (day := parse_date(opened[0], order)) is not None
    ]
    text = f'{count} in "{heading}" can be read both ways, like {opened[0]}. {why}'
    return Question("dates", heading, text, len(opened), True, choices, example=opened[0])


def _number_kind(column: Iterable[str]) -> Order | None:
    """ "serial" or "epoch" where all dates of a column are such numbers."""
    dates = [cell.removesuffix(".0") for cell in column if not _NO_DATE.fullmatch(cell)]
    if not dates or not all(cell.isdecimal() and len(cell) < 15 for cell in dates):
        return None
    if all(int(cell) in _SERIALS[0] for cell in dates):
        return "serial"
    ranges = (_SECONDS[0], _MILLISECONDS[0])
    return "epoch" if any(all(int(cell) in one for cell in dates) for one in ranges) else None


def _proven_orders(cells: Iterable[str]) -> set[Order]:
    orders: set[Order] = set()
    for cell in set(cells):
        match = _NUMBERS.fullmatch(cell)
        if not match or match[2] == ".":
            continue
        first, second = int(match[1]), int(match[3])
        if first > 12 >= second:
            orders.add("dmy")
        elif second > 12 >= first:
            orders.add("mdy")
    return orders


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
