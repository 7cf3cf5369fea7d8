"""Days in a sentence (until `dates` finds them all)."""

import re
from dataclasses import dataclass
from datetime import date

from bot.rules.language.dates import parse_future, parse_past

_DAY = re.compile(
    r"\b(?:(?:by|on|until|till)\s+)?(?P<day>today|tomorrow|yesterday|"
    r"(?:next |last )?(?:monday|tuesday|wednesday|thursday|friday)|"
    r"\d{1,2} (?:dec|jan|nov)\w*|\d{4}-\d\d-\d\d)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FoundDay:
    start: int
    end: int
    day: date | None


def find_days(text: str, today: date, *, forward: bool | None) -> list[FoundDay]:
    found = []
    for match in _DAY.finditer(text):
        try:
            day = (parse_future if forward else parse_past)(match["day"], today)
        except ValueError:
            continue
        found.append(FoundDay(match.start(), match.end(), day))
    return found
