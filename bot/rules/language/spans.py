"""Spans of time in a sentence: "next 90 days", "this month", "Q1", "in January", "for 2 years"."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from bot.rules.language.calendar_words import (
    COUNT,
    ENDS,
    MONTH,
    MONTHS,
    UNIT,
    Direction,
    Reader,
    Reading,
    fold,
    full_year,
    length,
    phrase,
)

Span = tuple[date, date]

_DAY: Final = timedelta(days=1)
_SIDES: Final[dict[str, Direction]] = {
    "next": "future", "coming": "future", "following": "future", "upcoming": "future",
    "last": "past", "past": "past", "previous": "past",
}  # fmt: skip
_SIDE: Final = f"(?P<side>{'|'.join(_SIDES)})"
_NTH: Final = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
}
_EDGE: Final = (
    r"(?P<edge>end|start|beginning|middle|mid|early|late|later|earlier|rest)(?:(?: |-)of)?(?: |-)"
    r"(?:the )?"
)
_YEAR: Final = (
    r"(?:,?(?: of)? (?P<year>(?:19|20)\d\d)|(?: |/|-)?'(?P<quoted>\d\d)|(?: |/|-)(?P<short>[2-4]\d)"
    + ENDS
    + ")?"
)
_PERIOD: Final = phrase(
    rf"(?:{_EDGE})?(?:(?:(?P<this>this|current)|{_SIDE}) )?"
    r"(?:(?P<unit>weekend|week|wk|month|quarter|year)(?P<skip> after next)?"
    r"|(?:(?:(?P<before>20\d\d)(?: |-))?q(?P<quarter>[1-4])|h(?P<half>[12])"
    rf"|(?P<nth>{'|'.join(_NTH)}) (?P<part>quarter|half(?= of (?:19|20)\d\d))"
    rf"|(?P<month>{MONTH})(?P<range>(?: ?- ?| (?:to|and|until|through) )(?P<month2>{MONTH}))?\.?)"
    rf"{_YEAR}|(?P<only>20[1-6]\d))"
)
_COUNTED: Final = phrase(rf"(?:{_SIDE} )?(?P<n>{COUNT}) (?P<unit>{UNIT})")
_SHORT_END: Final = phrase(
    r"eo(?P<unit>w|m|q|y)|(?P<long>week|month|quarter|year)(?: |-)end" + ENDS
)
_UNIT_LETTERS: Final = {"w": "week", "m": "month", "q": "quarter", "y": "year"}

#: Month names that are no other word and nobody's name, so that they need nothing before them.
_ONLY_MONTHS: Final = frozenset(
    "january february july september october november december januar februar märz oktober "
    "dezember janvier février juillet août septembre octobre novembre décembre febrero septiembre "
    "octubre noviembre diciembre januari februari maart augustus".split()
)
_NAMES_TOO: Final = frozenset("april june august jan may mai mei juli julio".split())
_NAMES_OF_MONTHS: Final = _ONLY_MONTHS | {"april", "june", "august"}
_WEEK_OF: Final = phrase(
    r"(?P<nth>first|second|third|last) week (?:of|in) "
    rf"(?P<of>(?:the |this |next )month|{MONTH}{_YEAR})"
)
_MONTH_NUMBER: Final = phrase(
    r"(?P<month>0?[1-9]|1[0-2])/(?P<year>20[1-6]\d)", r"(?![\w/]|[.,:-]\d)"
)
_WORDS_OF_SPANS: Final = frozenset("in by of until before since during from after for".split())


def _read_period(
    match: re.Match[str], word: str | None, today: date, forward: bool | None
) -> Reading | None:
    edge = match["edge"]
    if not _is_meant(match, edge, word):
        return None
    side = _SIDES.get(match["side"] or "")
    start, end = _bounds(match, today, forward, side)
    is_begin = edge in ("start", "beginning", "middle", "mid") and match["unit"]
    if is_begin and forward and start < today and not (match["this"] or side):
        start, end = _unit_span(match["unit"], today, 1)
    is_name = match["month"] in _NAMES_TOO
    follows = re.match(ENDS, match.string[match.end() :])
    is_led = word not in (None, "for", "from") and (follows or not is_name)
    has_year = any(match[name] for name in ("before", "year", "quoted", "short"))
    is_sure = edge or match["this"] or side or has_year or is_led
    is_weak = bool(match["quarter"] or match["half"] or is_name) and not is_sure
    if edge is None:
        return Reading(start, end, side, is_weak=is_weak)
    return _at_edge(edge, match["unit"], start, end, today)


def _is_meant(match: re.Match[str], edge: str | None, word: str | None) -> bool:
    """Whether the words are a time at all: "may" and "march" seldom are, "week" alone never."""
    which = match["this"] or match["side"]
    if match["unit"]:
        wrong = match["unit"] == "weekend" and edge
        return bool(edge or which or match["skip"] or match["unit"] == "weekend") and not wrong
    if match["only"]:
        follows = re.match(ENDS, match.string[match.end() :])
        return bool(edge or (word in _WORDS_OF_SPANS and follows))
    if not match["month"]:
        return edge not in ("later", "earlier")
    # The "Feb 2027" of "30 Feb 2027" is no month.
    if re.search(r"\d(?:st|nd|rd|th)?\.?\s*(?:of\s+)?$", match.string[: match.start()]):
        return False
    if match["range"]:
        return word == "between" or " and " not in match["range"]
    if match["short"] and not (edge or word == "in"):
        return False
    if match["month"] == "may" and match["this"]:
        return bool(match["year"] or re.match(ENDS, match.string[match.end() :]))
    known = match["month"] in _NAMES_OF_MONTHS
    return bool(known or edge or which or match["year"] or match["quoted"]) or (
        word in _WORDS_OF_SPANS
    )


def _bounds(
    match: re.Match[str], today: date, forward: bool | None, side: Direction | None
) -> Span:
    """The first and the last day of a week, a month, a quarter, a half or a year."""
    if match["unit"]:
        steps = 2 if match["skip"] else {"future": 1, "past": -1, None: 0}[side]
        return _unit_span(match["unit"], today, steps)
    if match["only"]:
        return date(int(match["only"]), 1, 1), date(int(match["only"]), 12, 31)
    number = int(match["quarter"] or match["half"] or _NTH.get(match["nth"] or "", 0))
    length = 6 if match["half"] or match["part"] == "half" else 3
    first, last = number * length - length + 1, number * length
    if match["month"]:
        first, last = MONTHS[match["month"]], MONTHS[match["month2"] or match["month"]]
    year = full_year(match["before"] or match["year"] or match["quoted"] or match["short"])
    if year or match["this"]:
        return _months(year or today.year, first, last)
    spans = [_months(today.year + n, first, last) for n in (-2, -1, 0, 1, 2)]
    if side == "future":
        return next(span for span in spans if span[0] > today)
    if side == "past":
        return next(span for span in reversed(spans) if span[1] < today)
    return _nearest_span(spans, today, forward)


def _nearest_span(spans: list[Span], today: date, forward: bool | None) -> Span:
    if forward:
        return next(span for span in spans if span[1] >= today)
    if forward is False:
        return next(span for span in reversed(spans) if span[0] <= today)
    return min(spans, key=lambda span: abs(span[0] + (span[1] - span[0]) / 2 - today))


def _months(year: int, first: int, last: int) -> Span:
    end_year = year + (last < first)
    return date(year, first, 1), date(end_year, last, monthrange(end_year, last)[1])


def _unit_span(name: str, today: date, steps: int) -> Span:
    monday = today - today.weekday() * _DAY + steps * 7 * _DAY
    if name in ("week", "wk"):
        return monday, monday + 6 * _DAY
    if name == "weekend":
        return monday + 5 * _DAY, monday + 6 * _DAY
    if name == "year":
        return _months(today.year + steps, 1, 12)
    months = 3 if name == "quarter" else 1
    first = today.replace(day=1, month=today.month - (today.month - 1) % months)
    start = first + relativedelta(months=months * steps)
    return start, start + relativedelta(months=months) - _DAY


def _at_edge(edge: str, name: str | None, start: date, end: date, today: date) -> Reading:
    """The day at the end, start or middle of a span; early, late and the rest are spans."""
    third = (end - start + _DAY) // 3
    spans: dict[str, Span] = {
        "early": (start, start + third - _DAY),
        "late": (end - third + _DAY, end),
        "later": (max(start, today), end),
        "rest": (max(start, today), end),
        "earlier": (start, min(end, today)),
    }
    if edge in spans:
        return Reading(*spans[edge])
    if edge != "end":
        middle = start + (end - start) // 2
        is_month = start.day == 1 and (end - start).days <= 31
        middle = start.replace(day=15) if is_month else middle
        return Reading(start if edge in ("start", "beginning") else middle)
    if name != "week":
        return Reading(end)
    # A week ends on Friday; on a Saturday the coming one is meant.
    friday = end - 2 * _DAY
    return Reading(friday if friday >= today or end < today else friday + 7 * _DAY)


def _read_counted(
    match: re.Match[str], word: str | None, today: date, forward: bool | None
) -> Reading | None:
    side = _SIDES.get(match["side"] or "")
    if side is None and word != "within":
        return None
    lasting = length(match["n"], match["unit"])
    if side == "past":
        return Reading(today - lasting, today, side)
    return Reading(today, today + lasting, "future")


def _read_short_end(
    match: re.Match[str], word: str | None, today: date, forward: bool | None
) -> Reading | None:
    if match["long"] and word not in ("by", "until", "before", "at"):
        return None
    name = match["long"] or _UNIT_LETTERS[match["unit"]]
    return _at_edge("end", name, *_unit_span(name, today, 0), today)


def _read_week_of(
    match: re.Match[str], word: str | None, today: date, forward: bool | None
) -> Reading | None:
    """ "the first week of January": its days 1 to 7; the last week is its last seven days."""
    whole = _PERIOD.fullmatch(match["of"].replace("the ", "this "))
    month = _read_period(whole, "in", today, forward) if whole else None
    if month is None or month.day is None or month.until is None:
        return None
    if match["nth"] == "last":
        return Reading(month.until - 6 * _DAY, month.until)
    start = month.day + 7 * (_NTH[match["nth"]] - 1) * _DAY
    return Reading(start, start + 6 * _DAY)


def _read_month_number(
    match: re.Match[str], word: str | None, today: date, forward: bool | None
) -> Reading | None:
    month = int(match["month"])
    return Reading(*_months(int(match["year"]), month, month))


SPAN_READERS: Final[tuple[tuple[re.Pattern[str], Reader], ...]] = (
    (_PERIOD, _read_period),
    (_COUNTED, _read_counted),
    (_SHORT_END, _read_short_end),
    (_WEEK_OF, _read_week_of),
    (_MONTH_NUMBER, _read_month_number),
)

_LASTING: Final = re.compile(
    r"(?<![\w.,/$€£])(?P<before>(?:for|by|another|additional|further|extra|next|last|past|in|every|each|"
    r"within|per|previous)\s+){0,3}(?P<n>\d{1,3}|half\s+an?(?=\s)|[a-z]+(?=[\s-]))(?:\s+more)?(?:\s+|-)?"
    r"(?P<unit>days?|weeks?|months?|mths?|mos?|quarters?|years?|yrs?|y)\b(?!\s+(?:per|a)\b)"
    r"(?P<after>[\s-]+(?:extension|term|contract|renewal|deal|more|longer|ago|overdue|late|old))?"
)
_NO_LENGTH: Final = re.compile(r"\b(?:next|last|past|previous|in|every|each|within|per)\b")
_MAX_MONTHS: Final = 600


def find_duration(text: str) -> tuple[relativedelta, int, int] | None:
    """How long something lasts ("renewed for 2 years", "a one month extension"), and where. Where
    several do, one that is called an extension or stands after "for" counts, then one in years or
    months. "in two years", "2 years ago" and "12k a year" last no time."""
    found = sorted(_durations(fold(text)), key=lambda each: each[0])
    return found[0][1:] if found else None


def _durations(folded: str) -> Iterator[tuple[int, relativedelta, int, int]]:
    for match in _LASTING.finditer(folded):
        before, after = match["before"] or "", (match["after"] or "").strip(" -")
        is_told = bool(before or after)
        is_vague = not is_told and match["n"].split()[0] in ("a", "an", "half")
        if is_vague or _NO_LENGTH.search(before) or after in ("ago", "overdue", "late", "old"):
            continue
        try:
            lasting = length(match["n"], match["unit"])
        except KeyError:
            continue
        months = lasting.years * 12 + lasting.months
        if 0 < months + lasting.days / 30 <= _MAX_MONTHS:
            rank = (0 if is_told else 2) + (0 if months else 1)
            yield rank, lasting, match.start(), match.end()
