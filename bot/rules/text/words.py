"""Cuts commands into words, makes plurals, escapes and shortens text."""

import re
from datetime import date
from typing import Final

_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

#: Opening quote -> the quotes that may close it. People mix them, and phones write their own pairs.
_QUOTES: Final = {
    '"': '"”“',
    "“": '”"“',
    "„": '“”"',
    "”": '”"',
    "'": "'’",
    "‘": "’'",
    "’": "’'",
    "\u00ab": "\u00bb",
    "\u00bb": "\u00ab",
    "‹": "›",
}

#: A quote counts only at the start of a word and closes only at the end of one: `Ollivander's` is a
#: plain word.
_QUOTED: Final = [rf"{opening}(.*?)[{closing}](?!\S)" for opening, closing in _QUOTES.items()]
#: A mention (Slack writes <@U1|name>, <#C1|name>), words in quotes, or a word.
_TOKEN: Final = re.compile("|".join([r"<[@#!][^<>]*>", *_QUOTED, r"\S+"]), re.DOTALL)


def tokens(text: str) -> list[str]:
    """The words of `text`; a mention or words in (closed) quotes are one of them."""
    words = (match[match.lastindex or 0].strip() for match in _TOKEN.finditer(text))
    return [word for word in words if word]


def plural(n: int, one: str, many: str | None = None) -> str:
    """`1 touchpoint`, `3 touchpoints`, `1,204 touchpoints`; `many` where an s does not do."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def format_date(day: date, today: date | None = None) -> str:
    """ "Fri 18 Dec", with the year if it is not the one of `today`; the same in every locale."""
    year = "" if today is not None and day.year == today.year else f" {day.year}"
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}{year}"


def escape(text: str) -> str:
    """`text` safe inside Slack's mrkdwn: no mention or link can hide in it (& < > only)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, cut with … at a word's end if one is near. Escape after: an
    escaped & must not be cut in two."""
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    kept = text[: limit - 1]
    space = kept.rfind(" ")
    near = text[limit - 1] != " " and space > len(kept) * 0.7
    return (kept[:space] if near else kept).rstrip() + "…"


def first_sentence(words: str) -> str:
    """The first sentence of a text: up to the first end mark with a space behind it."""
    found = re.match(r".+?[.!?](?=\s|$)", words, re.DOTALL)
    return found[0] if found else words
