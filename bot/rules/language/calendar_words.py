"""The words of dates: months in five languages, weekdays, numbers, units, little words."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from dateutil.relativedelta import relativedelta

Direction = Literal["past", "future"]

#: English, German, French, Spanish, Dutch; whole words and the usual short ones.
_MONTH_NAMES: Final = (
    "january jan januar janvier janv enero januari jänner",
    "february feb februar février fevrier févr fév febrero februari febuary",
    "march mar märz maerz mrz mars marzo maart mrt",
    "april apr avril avr abril",
    "may mai mayo mei",
    "june jun juni juin junio",
    "july jul juli juillet juil julio",
    "august aug août aout agosto augustus",
    "september sep sept septembre septiembre",
    "october oct oktober okt octobre octubre",
    "november nov novembre noviembre",
    "december dec dezember dez décembre decembre déc diciembre dic",
)
MONTHS: Final = {
    name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()
}
_DAY_NAMES: Final = (
    "monday mon",
    "tuesday tue tues",
    "wednesday wed weds wensday wednsday",
    "thursday thu thur thurs",
    "friday fri",
    "saturday sat",
    "sunday sun",
)
WEEKDAYS: Final = {
    name: number for number, names in enumerate(_DAY_NAMES) for name in names.split()
}
_NUMBERS: Final = {
    "a": 1, "an": 1, "another": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "few": 3,
}  # fmt: skip
_UNITS: Final = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "wk": relativedelta(weeks=1),
    "fortnight": relativedelta(weeks=2),
    "month": relativedelta(months=1),
    "mth": relativedelta(months=1),
    "mo": relativedelta(months=1),
    "quarter": relativedelta(months=3),
    "year": relativedelta(years=1),
    "yr": relativedelta(years=1),
    "y": relativedelta(years=1),
}


def _either(words: dict[str, int]) -> str:
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"


MONTH: Final = _either(MONTHS)
WEEKDAY: Final = _either(WEEKDAYS)
COUNT: Final = rf"(?:\d{{1,4}}|half an?|(?:a )?(?:couple of|few)|{_either(_NUMBERS)})"
UNIT: Final = r"(?:working day|business day|day|week|wk|fortnight|month|quarter|year|yr)s?"
#: What may follow a number that is the end of a date: "may 5 at 10", but not "may 5 people join".
ENDS: Final = (
    r"(?=\s*(?:$|[^\w\s]|(?:a[nts]|and|or|but|then|to|till?|until|for|from|with|by|on|in|because|"
    r"since|so|if|please|pls|we|they|he|she|it|i|the|is|was|are|were|has|have|will|owner|over|"
    r"instead|when|where|who|what|which|today|tomorrow|yesterday)\b))"
)

_BEFORE: Final = (
    r"(?:(?P<due>due) )?(?:(?P<word>(?:the )?week (?:of|starting|commencing)(?: on)?|no later than|"
    r"by|until|'?till?|on|from|as of|starting|since|in|within|during|over|before|prior to|after|"
    r"for|at|around|of|to|between) )?(?:(?:eod|cob|end of day)(?: on)? )?(?:the )?"
)
_FIRST_WORDS: Final = "|".join(
    [
        *MONTHS,
        *(f"{name}s?" for name in WEEKDAYS),
        *_NUMBERS,
        r"half|couple|fortnight|working|business|today|tonight|tomorrow|tomm?orr?ow|tmrw|tmr|day",
        r"yesterday|this|current|next|coming|following|upcoming|last|past|previous|every|each",
        r"week|weekend|month|quarter|year|first|second|third|fourth|q[1-4]|h[12]|eo[dwmqy]|cob",
        r"end|start|beginning|middle|mid|early|late|later|earlier|rest|close",
    ]
)
_SAME_WORD: Final = {
    "no later than": "by", "till": "until", "til": "until", "'til": "until", "'till": "until",
    "as of": "from", "starting": "from", "prior to": "before",
}  # fmt: skip
_SIGNS: Final = str.maketrans("’–—‑−\u00a0\u202f\t\n\r", "'----     ")


class Reading(NamedTuple):
    """What words mean: a day, or a span to `until`; `readings` where they mean one of several."""

    day: date | None
    until: date | None = None
    direction: Direction | None = None
    readings: tuple[date, ...] = ()
    weekday: int | None = None
    is_each: bool = False
    is_weak: bool = False


#: Reads a match, knowing the little word before it, from a day on. True looks ahead, False back,
#: None for what is nearest.
Reader = Callable[[re.Match[str], str | None, date, bool | None], Reading | None]


def fold(text: str) -> str:
    """The text in small letters with plain signs; every character keeps its place."""
    small = text.lower()
    if len(small) != len(text):
        small = "".join(character.lower()[0] for character in text)
    return small.translate(_SIGNS)


#: "monday.com" and "may@acme.example" are no days.
_ADDRESS: Final = r"@\w|\.(?:com|net|org|io|ai|co|eu|de|fr|uk)\b"


def phrase(body: str, after: str = rf"(?!\w|[:.]\d|%|{_ADDRESS})") -> re.Pattern[str]:
    """A pattern for folded text; a space in it is any space."""
    spaced = rf"(?:{body})(?:'s\b)?{after}"
    return re.compile(spaced.replace(" ?", r"\s*").replace(" ", r"\s+"))


#: Where a date may begin, with the little word before it; few words can begin one.
_STARTS: Final = re.compile(
    rf"(?=['\w])(?<![\w.@#$€£+/])(?<!\d:)(?<!\w'){_BEFORE}(?=\d|(?:{_FIRST_WORDS})\b)".replace(
        " ", r"\s+"
    )
)


def find_starts(folded: str) -> Iterator[tuple[int, int, str | None]]:
    """Where dates may begin: with the little word, without it, and the word."""
    last = -1
    for match in _STARTS.finditer(folded):
        if match.end() > last:
            yield match.start(), match.end(), _word(match)
        last = match.end()


def _word(match: re.Match[str]) -> str | None:
    """The little word before a date: by, until, on, from, since, in, due, before …"""
    word = match["word"] and " ".join(match["word"].split())
    if match["due"] and word in (None, "on", "in", "at", "for"):
        return "due"
    if word and "week" in word:
        return "week of"
    return _SAME_WORD.get(word, word) if word else None


def count(words: str) -> int:
    """The number that digits or a word are; KeyError for another word."""
    last = words.split()[-1]
    return 2 if "couple" in words else int(last) if last.isdigit() else _NUMBERS[last]


def length(number: str, unit: str) -> relativedelta:
    """How long "two weeks", "a year" and "half a year" are."""
    one = _UNITS[unit.split()[-1].rstrip("s")]
    if number.startswith("half"):
        return relativedelta(months=6) if one.years else relativedelta(days=15 if one.months else 3)
    return count(number) * one


def full_year(digits: str | None) -> int | None:
    """The year that two or four digits are."""
    return int(digits) + (2000 if len(digits) == 2 else 0) if digits else None


def nearest(days: list[date], today: date, forward: bool | None) -> date | None:
    """The day of some that is nearest to today, on the side that was asked for."""
    asked = [d for d in days if forward is None or (d >= today if forward else d <= today)]
    return min(asked, key=lambda d: (abs(d - today), d < today), default=None)


def in_some_year(month: int, day: int, today: date, forward: bool | None) -> date:
    """That day of the nearest year that has it; ValueError for 31 February."""
    # A 29 February can be eight years away (1896-1904, 2096-2104).
    reach = 9 if (month, day) == (2, 29) else 1
    years = range(max(today.year - reach, 1), min(today.year + reach, 9999) + 1)
    days = [date(y, month, day) for y in years if reach == 1 or _is_leap(y)]
    return nearest(days, today, forward) or date(today.year, month, day)


def _is_leap(year: int) -> bool:
    return (date(year, 3, 1) - timedelta(days=1)).day == 29
