"""Times of day in a sentence: "at 10", "4pm", "16:00", "noon"."""

import re
from collections.abc import Iterator
from datetime import time
from typing import Final

from bot.rules.language.calendar_words import ENDS

_HOURS: Final = re.compile(
    r"(?<![\w.,:$€£/])(?:(?P<at>at|@)\s*)?(?:(?P<noon>noon|midday)|(?P<h>\d{1,2})"
    r"(?:[:h](?P<min>[0-5]\d)|\.(?P<dotted>[0-5]\d)(?=\s?[ap]\.?m))?"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?|\s?(?P<clock>uhr|o'clock)\b)?)(?![\w%:]|[.,/]\d)"
)
#: Without am or pm people mean the hour at which others work: "at 4" is in the afternoon.
_FIRST_HOUR: Final = 7


def find_hours(folded: str) -> Iterator[tuple[time, int, int, bool]]:
    """The times of day, where they stand, and whether they are times without a date beside them."""
    for match in _HOURS.finditer(folded):
        if match["noon"]:
            yield time(12), match.start(), match.end(), bool(match["at"])
            continue
        hour, minute = int(match["h"]), int(match["min"] or match["dotted"] or 0)
        if not (match["at"] or match["min"] or match["half"] or match["clock"]):
            continue
        if match["half"]:
            if not 1 <= hour <= 12:
                continue
            hour = hour % 12 + (12 if match["half"] == "p" else 0)
        elif not match["min"] and not match["clock"] and 1 <= hour < _FIRST_HOUR:
            hour += 12
        sure = bool(match["min"] or match["half"] or match["clock"])
        if hour < 24:
            ends = sure or bool(re.match(ENDS, folded[match.end() :]))
            yield time(hour, minute), match.start(), match.end(), ends
