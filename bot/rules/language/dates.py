"""Dates as people type them: "yesterday", "last friday", "in 3 days", "20 Nov", "2026-11-20".

A small grammar of its own, because general date parsers take "a" and "3" for dates. A weekday's
name never means today. Callers show the date, so that a person can object.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from bot.rules.text.words import format_date

_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS: Final = (
    "january february march april may june july august september october november december"
).split()
_SHORT_DAYS: Final = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_NUMBERS: Final = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_DAY: Final = timedelta(days=1)
_UNITS: Final = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "year": relativedelta(years=1),
}

_SPAN: Final = r"(?P<n>\d{1,4}|[a-z]+) (?P<unit>day|week|month|year)s?"
_AHEAD: Final = re.compile(rf"(?:in )?{_SPAN}(?: from (?:now|today))?")
_AGO: Final = re.compile(rf"{_SPAN} ago")
_DAY_MONTH: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]{3,9})\.?,?(?: (\d{4}))?")
_MONTH_DAY: Final = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,?(?: (\d{4}))?")
_ISO: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DOTTED: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SLASHED: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")

#: Words after which a weekday is part of the note: "the offer holds until friday".
_NOT_DATE_WORDS: Final = frozenset(
    "after before between by coming each every for from next since this till to until".split()
)
_MAX_DATE_TOKENS: Final = 4
#: Farther away it is a slip of the finger: 2206 for 2026.
_MAX_YEARS: Final = 50


def parse_past(words: str, today: date) -> date:
    """The date that `words` mean for something that has happened; today at the latest.

    ValueError with one sentence when they mean nothing, or a day to come.
    """
    day = _parse(words, today, forward=False)
    if day > today:
        raise ValueError(
            f"{format_date(day, today)} is still to come, give today or a day before it."
        )
    return day


def parse_future(words: str, today: date) -> date:
    """The date that `words` mean for something to come; today at the earliest.

    ValueError with one sentence when they mean nothing, or a day that has passed.
    """
    day = _parse(words, today, forward=True)
    if day < today:
        raise ValueError(f"{format_date(day, today)} has passed, give today or a day after it.")
    return day


def names_a_day(words: str) -> bool:
    """Whether the words name a day of the calendar: "31 March", but not "next year"."""
    return not re.search(r"\b(day|week|month|quarter|year)s?\b", words.casefold())


def trailing_date(tokens: Sequence[str], today: date) -> tuple[list[str], date | None]:
    """The tokens of a note without the date at their end, and that date.

    Only `today`, `yesterday`, a whole weekday's name, or `on` with a date that has come: the rest
    is what the person wrote. "an answer by friday" stays a part of the note.
    """
    words = [token.casefold().rstrip(".,;!") for token in tokens]
    for length in range(min(_MAX_DATE_TOKENS, len(words)), 1, -1):
        if words[-length] == "on":
            try:
                day = parse_past(" ".join(words[1 - length :]), today)
            except ValueError:
                continue
            return list(tokens[:-length]), day
    return _trailing_bare_date(tokens, words, today)


def _trailing_bare_date(
    tokens: Sequence[str], words: list[str], today: date
) -> tuple[list[str], date | None]:
    last, before = words[-1:], words[-2:-1]
    if last and last[0] in ("today", "yesterday", *_WEEKDAYS) and not _NOT_DATE_WORDS & set(before):
        length = 2 if before == ["last"] and last[0] in _WEEKDAYS else 1
        return list(tokens[:-length]), parse_past(last[0], today)
    return list(tokens), None


def _parse(words: str, today: date, *, forward: bool) -> date:
    text = " ".join(words.casefold().replace(",", " ").split()).removeprefix("on ").rstrip(".")
    for reader in (_named_day, _weekday, _relative_date, _numeric, _month_date):
        try:
            day = reader(text, today, forward)
        except (ValueError, OverflowError):
            raise ValueError(f'"{words}" is a day that does not exist, {_example(today)}') from None
        if day is not None and abs(day.year - today.year) > _MAX_YEARS:
            raise ValueError(f"{format_date(day, today)} is too far away, {_example(today)}")
        if day is not None:
            return day
    if _SLASHED.fullmatch(text):
        raise ValueError(f'"{words}" can be read in two ways, {_example(today)}')
    raise ValueError(f'"{words}" is not a date, {_example(today)}')


def _example(today: date) -> str:
    month = _MONTHS[today.month - 1][:3].title()
    return f'write it like "{today.isoformat()}", "{today.day} {month}" or "monday".'


def _named_day(text: str, today: date, forward: bool) -> date | None:
    month = today.replace(day=1)
    ends: dict[str, Callable[[], date]] = {
        "today": lambda: today,
        "now": lambda: today,
        "yesterday": lambda: today - _DAY,
        "tomorrow": lambda: today + _DAY,
        "day before yesterday": lambda: today - 2 * _DAY,
        "day after tomorrow": lambda: today + 2 * _DAY,
        "last week": lambda: today - 7 * _DAY,
        "last month": lambda: today - relativedelta(months=1),
        "next week": lambda: today + (7 - today.weekday()) * _DAY,
        "next month": lambda: month + relativedelta(months=1),
        "next quarter": lambda: _quarter(month) + relativedelta(months=3),
        "next year": lambda: date(today.year + 1, 1, 1),
        "end of week": lambda: today + (4 - today.weekday()) % 7 * _DAY,
        "end of month": lambda: month + relativedelta(months=1) - _DAY,
        "end of next month": lambda: month + relativedelta(months=2) - _DAY,
        "end of quarter": lambda: _quarter(month) + relativedelta(months=3) - _DAY,
        "end of year": lambda: date(today.year, 12, 31),
    }
    plain = re.sub(r"\bthe (?=day|end|week|month|quarter|year)|\bthis (?=\w)", "", text)
    day = ends.get(plain)
    return day() if day else None


def _quarter(month: date) -> date:
    """The first day of the quarter of a month's first day."""
    return month.replace(month=month.month - (month.month - 1) % 3)


def _weekday(text: str, today: date, forward: bool) -> date | None:
    """A weekday: the nearest before or after today; `next` one is that of the week to come."""
    which, _, name = text.rpartition(" ")
    number = _day_number(name)
    if number is None or which not in ("", "this", "last", "next"):
        return None
    if which == "next":
        return today + timedelta(days=7 - today.weekday() + number)
    if forward and which != "last":
        return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    return today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)


def _day_number(name: str) -> int | None:
    numbers = (n for n, day in enumerate(_WEEKDAYS) if name in (day, day[:3]))
    return next(numbers, _SHORT_DAYS.get(name))


def _relative_date(text: str, today: date, forward: bool) -> date | None:
    ago = _AGO.fullmatch(text)
    if (match := ago or _AHEAD.fullmatch(text)) is None:
        return None
    n = int(match["n"]) if match["n"].isdigit() else _NUMBERS.get(match["n"])
    if n is None:
        return None
    return today + _UNITS[match["unit"]] * (-n if ago else n)


def _numeric(text: str, today: date, forward: bool) -> date | None:
    if match := _ISO.fullmatch(text):
        return date(*map(int, match.groups()))
    if match := _DOTTED.fullmatch(text):
        return date(int(match[3]), int(match[2]), int(match[1]))
    if match := _SLASHED.fullmatch(text):
        return _slashed_date(*map(int, match.groups()))
    return None


def _slashed_date(first: int, second: int, year: int) -> date | None:
    """20/11/2026 and 11/20/2026 have one reading each; 3/4/2026 has two, and none is guessed."""
    if first == second or second > 12:
        return date(year, first, second)
    return date(year, second, first) if first > 12 else None


def _month_date(text: str, today: date, forward: bool) -> date | None:
    if match := _DAY_MONTH.fullmatch(text):
        return _nearest(int(match[1]), match[2], match[3], today, forward)
    if match := _MONTH_DAY.fullmatch(text):
        return _nearest(int(match[2]), match[1], match[3], today, forward)
    return None


def _nearest(day: int, name: str, year: str | None, today: date, forward: bool) -> date | None:
    """That day in the given year, else the nearest on the asked side of today."""
    numbers = [n for n, month in enumerate(_MONTHS, 1) if month.startswith(name)]
    if not numbers:
        return None
    month = numbers[0]
    if year:
        return date(int(year), month, day)
    # A 29 February can be eight years away (1896-1904, 2096-2104).
    years = (today.year + (n if forward else -n) for n in range(9))
    days = (date(y, month, day) for y in years if _is_date(y, month, day))
    nearest = next((d for d in days if (d >= today if forward else d <= today)), None)
    return nearest or date(today.year, month, day)


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
