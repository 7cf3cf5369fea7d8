"""Dates as people type them, in a sentence or alone: "yesterday", "by end of Q1", "21.12.–3.1.". A
grammar of its own, because general date parsers take "a" and "3" for dates. A weekday's name never
means today, and what can be read in two ways is never guessed. Callers show the date, so that a
person can object."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import partial
from typing import Final, NamedTuple

from dateutil.relativedelta import relativedelta

from bot.rules.language.calendar_words import (
    COUNT,
    UNIT,
    WEEKDAY,
    Direction,
    Reading,
    find_starts,
    fold,
)
from bot.rules.language.days import DAY_READERS
from bot.rules.language.hours import find_hours
from bot.rules.language.spans import SPAN_READERS
from bot.rules.text.words import format_date

_READERS: Final = (*DAY_READERS, *SPAN_READERS)
#: Farther away it is a slip of the finger: 2206 for 2026.
_MAX_YEARS: Final = 50


@dataclass(frozen=True)
class FoundDay:
    """A day, a span or a time of day in a sentence, the little word before it included. `until` is
    the last day of a span that begins on `day`. Where the words can mean one of several days, `day`
    is None and `readings` are those. A time of day that stands alone has only `hour`. `is_weak`
    says that it may be something else: "the Q3 report"."""

    start: int
    end: int
    day: date | None = None
    until: date | None = None
    word: str | None = None
    hour: time | None = None
    readings: tuple[date, ...] = ()
    direction: Direction | None = None
    weekday: int | None = None  # 0 is Monday, where one was named
    is_each: bool = False  # "fridays", "every friday"
    is_weak: bool = False

    @property
    def is_ambiguous(self) -> bool:
        """Whether it has to be asked which day is meant."""
        return bool(self.readings)


class _Part(NamedTuple):
    """What one pattern found, with the way to read it again from another day."""

    found: FoundDay
    read: partial[Reading | None]
    has_year: bool


def find_days(text: str, today: date, *, forward: bool | None) -> list[FoundDay]:
    """Every day, span and time of day that stands in a text, in its order. `forward` says on which
    side of today bare weekdays and days without a year are: True ahead, False back, None the
    nearest."""
    folded = fold(text)
    parts = _parts(folded, today, forward)
    joined = (part.found for part in _join_ranges(folded, parts, today, forward))
    return _add_hours(folded, [_since_then(f, today) for f in joined if _is_near(f, today)])


def _parts(folded: str, today: date, forward: bool | None, is_strict: bool = False) -> list[_Part]:
    """What stands there, from left to right; of what begins at the same place the longest. A strict
    reader raises ValueError for a day that does not exist."""
    parts: list[_Part] = []
    for start, at, word in find_starts(folded):
        if parts and start < parts[-1].found.end:
            continue
        longest = None
        for pattern, reader in _READERS:
            match = pattern.match(folded, at)
            if match is None or (longest and match.end() <= longest.found.end):
                continue
            read = partial(reader, match, word)
            try:
                reading = _read(read, word, today, forward)
            except (ValueError, OverflowError):
                if is_strict:
                    raise
                continue
            if reading:
                found = FoundDay(start, match.end(), word=word, **reading._asdict())
                longest = _Part(found, read, _has_year(match))
        if longest:
            parts.append(longest)
    return parts


def _read(
    read: partial[Reading | None], word: str | None, today: date, forward: bool | None
) -> Reading | None:
    side = True if forward is None and word in ("by", "until", "due", "before") else forward
    reading = read(today, False if word == "since" else side)
    if reading and word == "week of" and reading.day and not reading.until:
        monday = reading.day - timedelta(days=reading.day.weekday())
        return reading._replace(day=monday, until=monday + timedelta(days=6))
    return reading


def _has_year(match: re.Match[str]) -> bool:
    groups = match.groupdict()
    return any(groups.get(name) for name in ("year", "y", "quoted", "short", "only"))


def _is_near(found: FoundDay, today: date) -> bool:
    days = filter(None, (found.day, found.until, *found.readings))
    return all(abs(day.year - today.year) <= _MAX_YEARS for day in days)


def _join_ranges(folded: str, parts: list[_Part], today: date, forward: bool | None) -> list[_Part]:
    """ "from 20 Dec to 3 Jan" is one span."""
    joined: list[_Part] = []
    for part in parts:
        if joined and (span := _range(folded, joined[-1], part, today, forward)):
            joined[-1] = joined[-1]._replace(found=span)
        else:
            joined.append(part)
    return joined


def _range(
    folded: str, first: _Part, last: _Part, today: date, forward: bool | None
) -> FoundDay | None:
    """The span from one day to the next, where the words between them say so."""
    a, b = first.found, last.found
    between = f"{folded[a.end : b.start]} {b.word or ''}".strip()
    joins = ("-", "to", "until", "through", "thru", *(["and"] if a.word == "between" else []))
    if between not in joins or a.word in ("by", "until", "due", "before", "after"):
        return None
    try:
        days = _range_days(first, last, today, forward)
    except (ValueError, OverflowError):
        return None
    if days is None or days[0] >= days[1]:
        return None
    return replace(a, end=b.end, day=days[0], until=days[1], readings=(), is_weak=False)


def _range_days(
    first: _Part, last: _Part, today: date, forward: bool | None
) -> tuple[date, date] | None:
    """The first and the last day: the end follows the start, or today lies between them."""
    if (start := first.found.day) is None:
        return None
    closing = last.found if last.has_year else last.read(start, True)
    end = (closing.until or closing.day) if closing else None
    if last.has_year and not first.has_year:
        before = first.read(end, False) if end else None
        return (before.day, end) if before and before.day and end else None
    if first.has_year or forward is False or first.found.weekday is not None:
        return (start, end) if end else None
    soon = last.read(today, True)
    again = first.read(soon.day, False) if soon and soon.day else None
    if soon and soon.day and again and again.day and again.day <= today <= soon.day:
        return again.day, soon.day
    return (start, end) if end else None


def _since_then(found: FoundDay, today: date) -> FoundDay:
    """ "since Monday" lasts until today."""
    if found.word != "since" or found.day is None or found.day > today:
        return found
    return replace(found, until=today, direction="past")


def _add_hours(folded: str, days: list[FoundDay]) -> list[FoundDay]:
    """The days with the time that stands beside them, and the times that stand alone."""
    found = list(days)
    for hour, start, end, word, is_sure in find_hours(folded):
        if any(each.start < end and start < each.end for each in days):
            continue
        for at, each in enumerate(found):
            gap = folded[each.end : start] if each.end <= start else folded[end : each.start]
            if gap.strip(" ,") in ("", "at", "from") and each.hour is None and each.day:
                start, end, word = min(start, each.start), max(end, each.end), each.word or word
                found[at] = replace(each, start=start, end=end, hour=hour, word=word)
                break
        else:
            if is_sure:
                found.append(FoundDay(start, end, hour=hour, word=word))
    return sorted(found, key=lambda each: each.start)


def parse_past(words: str, today: date) -> date:
    """The date that `words` mean for something that has happened; today at the latest. ValueError
    with one sentence when they mean nothing, or a day to come."""
    day = _parse(words, today, forward=False)
    if day > today:
        raise ValueError(
            f"{format_date(day, today)} is still to come, give today or a day before it."
        )
    return day


#: Nobody plans further ahead; and sums with such dates leave the calendar.
FURTHEST_YEARS: Final = 30


def parse_future(words: str, today: date) -> date:
    """The date that `words` mean for something to come; today at the earliest. ValueError with one
    sentence when they mean nothing, or a day that has passed."""
    day = _parse(words, today, forward=True)
    if day < today:
        raise ValueError(f"{format_date(day, today)} has passed, give today or a day after it.")
    if day.year > today.year + FURTHEST_YEARS:
        raise ValueError(f"{day.isoformat()} is more than {FURTHEST_YEARS} years away.")
    return day


def names_a_day(words: str) -> bool:
    """Whether the words name a day of the calendar: "31 March", but not "next year"."""
    return not re.search(r"\b(?:(?:day|week|month|quarter|year)s?|[qh][1-4])\b", words.casefold())


_BARE_COUNT: Final = re.compile(rf"{COUNT} {UNIT}")
_BARE_DOTTED: Final = re.compile(r"\d{1,2}\.\d{1,2}")
#: Words that are no single day, and the day of them that counts where one was asked for.
_FIRST_DAYS: Final = {
    "last week": relativedelta(weeks=-1),
    "last month": relativedelta(months=-1),
    "now": relativedelta(),
}


def _parse(words: str, today: date, *, forward: bool) -> date:
    text = " ".join(words.casefold().split()).removeprefix("on ").rstrip(".,")
    if text in _FIRST_DAYS:
        return today + _FIRST_DAYS[text]
    # After a little word "sat" and "3/4" are dates, as they are where they are all that was typed.
    text = f"in {text}" if _BARE_COUNT.fullmatch(text) else text
    text = f"{text}." if _BARE_DOTTED.fullmatch(text) else text
    try:
        found = _whole(text, today, forward) or _whole(f"on {text}", today, forward)
    except (ValueError, OverflowError):
        raise ValueError(f'"{words}" is a day that does not exist, {_example(today)}') from None
    if found is None or found.is_each:
        raise ValueError(f'"{words}" is not a date, {_example(today)}')
    if found.readings:
        either = " or ".join(format_date(day, today) for day in found.readings)
        raise ValueError(f'"{words}" can be {either}, {_example(today)}')
    if found.word == "within" and found.until:
        return found.until
    if found.day is None or (found.until and not text.startswith("next ")):
        raise ValueError(f'"{words}" is more than one day, {_example(today)}')
    if not _is_near(found, today):
        raise ValueError(f"{format_date(found.day, today)} is too far away, {_example(today)}")
    return found.day


def _whole(text: str, today: date, forward: bool) -> FoundDay | None:
    """What the words are, all of them."""
    found = (part.found for part in _parts(fold(text), today, forward, True))
    return next((each for each in found if (each.start, each.end) == (0, len(text))), None)


def _example(today: date) -> str:
    return f'write it like "{today.isoformat()}", "{today:%-d %b}" or "monday".'


_OWN_DATE: Final = re.compile(rf"(?:today|yesterday|(?:last )?(?=\w{{6}}){WEEKDAY})")


def trailing_date(tokens: Sequence[str], today: date) -> tuple[list[str], date | None]:
    """The tokens of a note without the date at their end, and that date. Only `today`, `yesterday`,
    a whole weekday's name, or `on` with a date that has come: the rest is what the person wrote.
    "an answer by friday" and "fails on Fridays" stay a part of the note."""
    text = " ".join(tokens).rstrip(".,;! ")
    found = find_days(text, today, forward=False)
    if not found or found[-1].end != len(text):
        return list(tokens), None
    last = found[-1]
    is_own = last.word == "on" or _OWN_DATE.fullmatch(fold(text[last.start : last.end]))
    if (
        not is_own
        or last.is_each
        or last.hour
        or last.until
        or last.day is None
        or last.day > today
    ):
        return list(tokens), None
    return list(tokens[: -len(text[last.start :].split())]), last.day
