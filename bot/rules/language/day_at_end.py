"""A coming day at the end of what people type: "data export in two weeks", "SSO by Friday"."""

import re
from datetime import date

from bot.rules.language.dates import parse_future

_LONGEST = 6
_BEFORE_IT = frozenset("by on before until till due for within".split())
#: With these before it a day is part of the words: "a report every Friday".
_NOT_A_DAY = frozenset("after and between each every from of or since through to".split())
#: How long something is, except behind "within": "free for 3 months".
_LENGTH = re.compile(r"(?!next|this)\w+ (?:day|week|month|year)s?|now", re.IGNORECASE)


def day_at_end(words: str, today: date) -> tuple[str, str] | None:
    """The words before the day they end with, and those of the day; None without one."""
    said = words.rstrip(" .!").split()
    for length in range(min(_LONGEST, len(said)), 0, -1):
        before, day = said[:-length], " ".join(said[-length:])
        last = before[-1].casefold() if before else ""
        if last in _NOT_A_DAY or (_LENGTH.fullmatch(day) and last != "within"):
            continue
        try:
            parse_future(day, today)
        except ValueError:
            continue
        return " ".join(before[:-1] if last in _BEFORE_IT else before), day
    return None
