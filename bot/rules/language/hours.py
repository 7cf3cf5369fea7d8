"""Times of day in a sentence: "at 10", "by 4pm", "16:00", "noon"."""

import re
from collections.abc import Iterator
from datetime import time
from typing import Final, NamedTuple

from bot.rules.language.calendar_words import ENDS

_HOURS: Final = re.compile(
    r"(?<![\w.,:$€£/])(?:(?:(?P<at>at|@)|(?P<word>by|from|until|before|after|around)\s)\s*)?"
    r"(?:(?P<noon>noon|midday)|(?P<h>\d{1,2})"
    r"(?:[:h](?P<min>[0-5]\d)|\.(?P<dotted>[0-5]\d)(?=\s?[ap]\.?m))?"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?|\s?(?P<clock>uhr|o'clock)\b)?)(?![\w%:]|[.,/]\d)"
)
#: Without am or pm people mean the hour at which others work: "at 4" is in the afternoon.
_FIRST_HOUR: Final = 7


class FoundHour(NamedTuple):
    """A time of day; `is_sure` where it is one without a day beside it: not "at 10 accounts"."""

    hour: time
    start: int
    end: int
    word: str | None
    is_sure: bool


def find_hours(folded: str) -> Iterator[FoundHour]:
    """The times of day in folded text."""
    for match in _HOURS.finditer(folded):
        is_clear = any(match[name] for name in ("noon", "min", "half", "clock"))
        hour = 12 if match["noon"] else _hour(match)
        if hour < 24 and (is_clear or match["at"]):
            at = time(hour, int(match["min"] or match["dotted"] or 0))
            is_sure = is_clear or bool(re.match(ENDS, folded[match.end() :]))
            yield FoundHour(at, match.start(), match.end(), match["word"], is_sure)


def _hour(match: re.Match[str]) -> int:
    """The hour of 24; 24 for one that no clock shows."""
    hour = int(match["h"])
    if match["half"]:
        return hour % 12 + (12 if match["half"] == "p" else 0) if 1 <= hour <= 12 else 24
    is_bare = not match["min"] and not match["clock"]
    return hour + 12 if is_bare and 1 <= hour < _FIRST_HOUR else hour
