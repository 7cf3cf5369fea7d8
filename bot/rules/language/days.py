"""Single days in a sentence: "tomorrow", "next Friday", "in 3 days", "20 Dec", "31/03/27"."""

import re
from contextlib import suppress
from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from bot.rules.language.calendar_words import (
    COUNT,
    ENDS,
    MONTH,
    MONTHS,
    UNIT,
    WEEKDAY,
    WEEKDAYS,
    Reader,
    Reading,
    count,
    full_year,
    in_some_year,
    length,
    nearest,
    phrase,
)

_DAY: Final = timedelta(days=1)
_PART: Final = r"(?: (?:morning|afternoon|evening|night|eod|cob|end of day))?"
_NAMED_DAYS: Final = {
    "day before yesterday": -2, "yesterday": -1, "last night": -1, "today": 0, "tonight": 0,
    "this morning": 0, "this afternoon": 0, "this evening": 0, "end of day": 0, "eod": 0, "cob": 0,
    "end of business": 0, "close of business": 0,
    "tomorrow": 1, "tommorow": 1, "tomorow": 1, "tommorrow": 1, "tmrw": 1, "tmr": 1,
    "day after tomorrow": 2,
}  # fmt: skip
_NAMED: Final = phrase(rf"(?P<name>{'|'.join(_NAMED_DAYS)})(?P<week> week)?{_PART}")
#: "two Fridays ago" is not understood.
_COUNTED: Final = re.compile(rf"\b{COUNT}\s+$")
_WEEKDAY: Final = phrase(
    rf"(?:(?P<weeks>{COUNT}) weeks? (?:on |from )?|(?P<of>this|next|last) week(?:,? on)? )?"
    r"(?:(?P<which>this|coming|next|following|last|past|previous|every(?: other| second)?|each) )?"
    rf"(?P<name>{WEEKDAY})(?P<plural>s)?\.?"
    rf"(?: (?:(?P<week>week)(?! of)|(?:of )?(?P<in>this|next|last) week))?{_PART}"
)
_RELATIVE: Final = phrase(
    rf"(?P<n>{COUNT}) (?P<unit>{UNIT})(?:'s?)?(?: time)?"
    r"(?: (?P<ago>ago|back)| from (?P<start>now|today|tomorrow))?"
)
_NTH: Final = r"(?:st|nd|rd|th|er)?"
_LED: Final = rf"(?:(?P<weekday>{WEEKDAY})\.?,? (?:the )?)?"
#: "1 Jan 2206" is a slip of the finger, "1 Jan 2500 EUR" a day and an amount.
_FOUR: Final = rf"(?P<year>(?:19|20)\d\d|[12]\d{{3}}{ENDS})"
_YEAR: Final = (
    rf"(?:,?(?: of| de)?(?: |-|/){_FOUR}|(?: |-|/)?'(?P<quoted>\d\d)"
    rf"|(?: |-|/)(?P<short>[2-6]\d){ENDS})?"
)
_UP_TO: Final = r"\.?(?: ?- ?| (?:to|until|till|through|and) (?:the )?)"
_DAY_MONTH: Final = phrase(
    rf"{_LED}(?:(?P<first>\d{{1,2}}){_NTH}{_UP_TO})?(?P<day>\d{{1,2}})(?P<nth>st|nd|rd|th|er|\.)?"
    rf"(?: of| de)?(?: |-|/)?(?P<month>{MONTH})\.?{_YEAR}"
)
_MONTH_DAY: Final = phrase(
    rf"{_LED}(?P<month>{MONTH})\.? (?:the )?(?:(?P<first>\d{{1,2}}){_NTH}{_UP_TO})?"
    r"(?P<day>\d{1,2})(?P<nth>st|nd|rd|th)?"
    rf"(?:(?:,|,? ){_FOUR}|,? '(?P<quoted>\d\d))?(?P<short>)"
)
_NUMBER_END: Final = r"(?!\w|\.[a-z]|[.,/:]\d|-\d(?!\d?[./])|%)"
_ISO: Final = phrase(
    rf"{_LED}(?<!\w-)(?P<y>[12]\d{{3}})(?P<sign>[-/.])(?P<m>\d{{1,2}})(?P=sign)(?P<d>\d{{1,2}})",
    _NUMBER_END,
)
_NUMERIC: Final = phrase(
    rf"{_LED}(?P<a>\d{{1,2}})(?P<sign>[-/.]) ?(?P<b>\d{{1,2}})"
    r"(?:(?P=sign) ?(?P<year>[12]\d{3}|\d\d)|(?P<dot>\.))?",
    _NUMBER_END,
)
_SHORT_RANGE: Final = phrase(
    r"(?P<first>\d{1,2})\. ?- ?(?P<a>\d{1,2})\.(?P<b>\d{1,2})\.(?P<year>(?:19|20)\d\d|[2-6]\d)?",
    r"(?![\w:])",
)
_OF_MONTH: Final = phrase(
    rf"{_LED}(?P<day>\d{{1,2}}|first)(?:st|nd|rd|th)?(?: of (?P<which>the|this|next) month|{ENDS})"
)
#: After these a bare "31/3" or "31.03" is a date.
_DATE_WORDS: Final = frozenset("by until on from since before after due to".split())
_SURE_WEEKDAYS: Final = frozenset(WEEKDAYS) - {"wed", "sat", "sun"}
_CAREFUL_MONTHS: Final = frozenset(("may", "march", "mars", "mar"))


def _read_named(
    match: re.Match[str], word: str | None, today: date, forward: bool | None
) -> Reading | None:
    away = _NAMED_DAYS[" ".join(match["name"].split())] + (7 if match["week"] else 0)
    side = None if away == 0 else ("future" if away > 0 else "past")
    return Reading(today + away * _DAY, None, side)  # type: ignore[arg-type]


def _read_weekday(
    match: re.Match[str], word: str | None, today: date, forward: bool | None
) -> Reading | None:
    """A weekday: the nearest before or after today; `next` one is that of the week to come."""
    number, which = WEEKDAYS[match["name"]], match["which"]
    if match["plural"] and _COUNTED.search(match.string[: match.start()]):
        return None
    is_led = bool(which or match["of"] or match["weeks"] or match["week"] or match["in"])
    if not is_led and not _is_sure_weekday(match, word):
        return None
    monday = today - today.weekday() * _DAY
    ahead = today + ((number - today.weekday() - 1) % 7 + 1) * _DAY
    back = today - ((today.weekday() - number - 1) % 7 + 1) * _DAY
    if of := match["of"] or match["in"]:
        steps = {"this": 0, "next": 1, "last": -1}[of]
        day = monday + (7 * steps + number) * _DAY
    elif match["weeks"] or match["week"]:
        day = ahead + 7 * (count(match["weeks"]) if match["weeks"] else 1) * _DAY
    elif which in ("next", "following"):
        day = monday + (7 + number) * _DAY
    elif which in ("last", "past", "previous"):
        day = back
    elif which == "this" and forward is None:
        day = monday + number * _DAY
    elif forward is None and which != "coming":
        day = back if today - back < ahead - today else ahead
    else:
        day = back if forward is False and which != "coming" else ahead
    is_each = bool(match["plural"]) or (which or "").startswith(("every", "each"))
    side = {"next": "future", "coming": "future", "last": "past"}.get(which or of or "")
    return Reading(day, None, side, weekday=number, is_each=is_each)  # type: ignore[arg-type]


def _is_sure_weekday(match: re.Match[str], word: str | None) -> bool:
    """Whether "sat", "sun" and "wed" are days: after a little word, or where a time follows."""
    rest = match.string[match.end() :]
    name = match["name"]
    if name not in _SURE_WEEKDAYS and match["plural"]:
        return False
    is_led = (word or "for") not in ("for", "in", "of", "at")
    if name in _SURE_WEEKDAYS or (is_led and (name == "wed" or re.match(ENDS, rest))):
        return True
    is_joined = match.string[: match.start()].endswith("-") or rest.startswith("-")
    is_last = name == "wed" and not rest.strip(" .!?")
    return bool(is_joined or is_last or re.match(r" (?:at )?\d", rest))


def _read_relative(
    match: re.Match[str], word: str | None, today: date, forward: bool | None
) -> Reading | None:
    words = match[0].split()
    is_ahead = "from" in words[1:] or word == "in"
    if not (match["ago"] or is_ahead):
        return None
    if match["start"] == "tomorrow":
        today += _DAY
    sign = -1 if match["ago"] else 1
    if match["unit"].startswith(("working", "business")):
        day = _working_days_from(today, sign * count(match["n"]))
    else:
        day = today + sign * length(match["n"], match["unit"])
    return Reading(day, None, "past" if match["ago"] else "future")


def _working_days_from(today: date, n: int) -> date:
    """The day that is so many weekdays ahead, Saturdays and Sundays left out."""
    start = today - max(today.weekday() - 4, 0) * _DAY
    weeks, days = divmod(start.weekday() + n, 5)
    return start + (weeks * 7 + days - start.weekday()) * _DAY


def _read_month_day(
    match: re.Match[str], word: str | None, today: date, forward: bool | None
) -> Reading | None:
    month, day = MONTHS[match["month"]], int(match["day"])
    year = full_year(match["year"] or match["quoted"] or match["short"])
    first = match["first"]
    # "in Jan 27" is a month, "in 3 may" nothing.
    if word == "in" and not match["nth"] and not match["weekday"] and match.re is _MONTH_DAY:
        return None
    is_sure = match["month"] not in _CAREFUL_MONTHS or word or match["nth"] or year or first
    if not is_sure and not re.match(ENDS, match.string[match.end() :]):
        return None
    if first:
        return _days_of_month(int(first), day, month, year, today, forward)
    found = date(year, month, day) if year else in_some_year(month, day, today, forward)
    return _with_weekday(found, match["weekday"])


def _days_of_month(
    first: int, last: int, month: int, year: int | None, today: date, forward: bool | None
) -> Reading | None:
    end = date(year, month, last) if year else in_some_year(month, last, today, forward)
    start = end.replace(day=first)
    return Reading(start, end) if start < end else None


def _with_weekday(day: date, name: str | None) -> Reading:
    """The day; where another weekday was named with it, it may be that one instead."""
    if name is None or WEEKDAYS[name] == day.weekday():
        return Reading(day)
    away = (WEEKDAYS[name] - day.weekday() + 3) % 7 - 3
    return Reading(None, readings=tuple(sorted((day, day + away * _DAY))))


def _read_iso(
    match: re.Match[str], word: str | None, today: date, forward: bool | None
) -> Reading | None:
    return _with_weekday(date(int(match["y"]), int(match["m"]), int(match["d"])), match["weekday"])


def _read_numeric(
    match: re.Match[str], word: str | None, today: date, forward: bool | None
) -> Reading | None:
    """31/03/27 has one reading; 03/04/27 has two, and none is guessed. Dots put the day first."""
    a, b, sign, year = int(match["a"]), int(match["b"]), match["sign"], match["year"]
    # "to 8.5." is a figure, "to 31.3." a date.
    is_led = bool(match["weekday"]) or (
        word in _DATE_WORDS and (word != "to" or sign != "." or a > 12)
    )
    if not _is_numeric_date(match, word, is_led):
        return None
    orders = [(b, a)] if sign == "." else [(b, a), (a, b)]
    days = []
    for month, day in dict.fromkeys(orders):
        with suppress(ValueError):
            found = full_year(year)
            days.append(
                date(found, month, day) if found else in_some_year(month, day, today, forward)
            )
    if not days:
        raise ValueError("no such day")
    if len(set(days)) > 1:
        return Reading(None, readings=tuple(sorted(set(days))))
    return _with_weekday(days[0], match["weekday"])


_DOTTED_START: Final = re.compile(r"\d\.\s?(?:-|to|until)\s?$")


def _is_numeric_date(match: re.Match[str], word: str | None, is_led: bool) -> bool:
    """Whether numbers are a date: no version, share, score, amount or telephone number."""
    sign, year = match["sign"], match["year"]
    text, start, end = match.string, match.start("a"), match.end()
    before, rest = text[max(0, start - 12) : start], text[end:]
    if re.search(r"(?:version|release|build|v|rev|no)\.? ?$", before) and not is_led:
        return False
    if year and len(year) == 4:
        return True
    two_digits = len(match["a"]) == 2 and len(match["b"]) == 2
    if year:
        return sign == "/" or is_led or (sign == "." and two_digits)
    if sign == "-" or re.search(r"\d $", before):
        return False
    if sign == "/":
        return is_led and match["a"] + match["b"] != "247" and not re.match(r" of\b", rest)
    if match["dot"]:
        # "NPS is at 8.5." ends a sentence; "21.12.-3.1." and "on 3.1." are dates.
        joined = _DOTTED_START.search(before) or re.match(r"\s?-\s?\d", rest)
        is_sure = is_led or joined or not before or (int(match["a"]) > 12 and rest)
        return bool(is_sure or re.match(r"[,;:)]", rest))
    is_clear = two_digits or int(match["a"]) > 12 or word in ("by", "until", "due")
    return (is_led and word != "to" and is_clear) or bool(_DOTTED_START.search(before))


def _read_short_range(
    match: re.Match[str], word: str | None, today: date, forward: bool | None
) -> Reading | None:
    year = full_year(match["year"])
    first, last, month = int(match["first"]), int(match["a"]), int(match["b"])
    return _days_of_month(first, last, month, year, today, forward)


def _read_of_month(
    match: re.Match[str], word: str | None, today: date, forward: bool | None
) -> Reading | None:
    """ "on the 15th" of the nearest month that has it, "1st of next month"."""
    day = 1 if match["day"] == "first" else int(match["day"])
    month, is_the = today.replace(day=1), match.string[: match.start("day")].endswith("the ")
    if match["which"] in ("this", "next"):
        return Reading((month + relativedelta(months=match["which"] == "next")).replace(day=day))
    is_told = word in _DATE_WORDS and (word != "to" or is_the)
    if not (is_told or match["weekday"] or match["which"]) or match[0].endswith(match["day"]):
        return None
    days = [month + relativedelta(months=n, day=day) for n in range(-2, 3)]
    found = nearest([each for each in days if each.day == day], today, forward)
    return _with_weekday(found, match["weekday"]) if found else None


DAY_READERS: Final[tuple[tuple[re.Pattern[str], Reader], ...]] = (
    (_NAMED, _read_named),
    (_WEEKDAY, _read_weekday),
    (_RELATIVE, _read_relative),
    (_DAY_MONTH, _read_month_day),
    (_MONTH_DAY, _read_month_day),
    (_ISO, _read_iso),
    (_NUMERIC, _read_numeric),
    (_SHORT_RANGE, _read_short_range),
    (_OF_MONTH, _read_of_month),
)
