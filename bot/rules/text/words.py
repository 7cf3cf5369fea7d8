"""Small work on words: cutting a command into tokens, plurals, escaping, shortening."""

import re
from typing import Final

#: opening quote -> what may close it. People mix them, and phones write them in pairs of their own.
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

#: Slack writes people and channels as <@U1|name>, <#C1|name>: one token, whatever is inside.
_MENTION: Final = re.compile(r"<[@#!][^<>]*>")
_WORD: Final = re.compile(r"\S+")


def tokens(text: str) -> list[str]:
    """Cut `text` into words; what stands in quotes stays one word.

    A quote counts only at the start of a word and closes only at the end of one, so
    `Ollivander's` is a plain word. A quote that is never closed is an ordinary character.
    """
    found: list[str] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token, at = _read_token(text, at)
        if token:
            found.append(token)
    return found


def _read_token(text: str, start: int) -> tuple[str, int]:
    """The token that starts at `start`, and where the text goes on."""
    if mention := _MENTION.match(text, start):
        return mention.group(), mention.end()
    if (end := _closing_quote(text, start)) is not None:
        return text[start + 1 : end].strip(), end + 1
    word = _WORD.match(text, start)
    assert word is not None  # the caller stands on something that is no space
    return word.group(), word.end()


def _closing_quote(text: str, start: int) -> int | None:
    """Where the quote opened at `start` closes: before a space or the end."""
    closers = _QUOTES.get(text[start])
    if closers is None:
        return None
    for at in range(start + 1, len(text)):
        last = at + 1 == len(text) or text[at + 1].isspace()
        if text[at] in closers and last:
            return at
    return None


def plural(n: int, one: str, many: str | None = None) -> str:
    """`1 touchpoint`, `3 touchpoints`, `1,204 touchpoints`; `many` where an s does not do."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def escape(text: str) -> str:
    """`text` safe inside Slack's mrkdwn: no mention or link can hide in it (& < > only)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, with … where something is missing.

    The cut is at the end of a word if one is near. Cut first and escape after: an escaped & must
    not be cut in two.
    """
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    kept = text[: limit - 1]
    space = kept.rfind(" ")
    near = text[limit - 1] != " " and space > len(kept) * 0.7
    return (kept[:space] if near else kept).rstrip() + "…"
