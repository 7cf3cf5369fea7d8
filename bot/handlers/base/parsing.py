"""Reads what people type: escapes, links, mentions, quotes, words, names of stages."""

import re
from collections.abc import Callable

from bot.rules.text.clean import clean
from bot.rules.text.words import tokens

_PERSON = re.compile(r"<@([A-Z0-9]+)(?:\|([^<>]*))?>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+\|([^<>]*)>")
_LINK = re.compile(r"<(?P<address>(?P<scheme>https?|mailto|tel):[^<>|]+)(?:\|(?P<shown>[^<>]*))?>")


def unescape(text: str) -> str:
    """A text as it was typed: Slack sends & < > as entities and makes links of addresses. What
    cannot be seen is left out."""
    text = unlink(clean(text))
    # Once more, for a link that was copied as it is sent.
    return unlink(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def unlink(text: str) -> str:
    """Text with the links that Slack made as the words that were typed: "booking.com"."""
    return _LINK.sub(_typed, text)


def _typed(link: re.Match[str]) -> str:
    """What a link was made of; the address of one that shows other words."""
    address, shown = link["address"], link["shown"] or ""
    bare = address.partition(":")[2].strip("/")
    if link["scheme"] in ("mailto", "tel"):
        return shown or bare
    return shown if shown.strip("/").casefold() == bare.casefold() else address


def readable(text: str, name_of: Callable[[str], str]) -> str:
    """Text with mentions and channels as plain words. `name_of` names a Slack user."""
    text = _PERSON.sub(lambda found: f"@{found[2] or name_of(found[1])}", text)
    return _CHANNEL.sub(lambda found: f"#{found[1]}", text)


def starts_with_quote(text: str) -> bool:
    """Whether the first word is in quotes: then it is a whole name."""
    words = tokens(text)
    return bool(words) and not text.lstrip().startswith(words[0])


def words_after(text: str, count: int) -> str:
    """What follows the first `count` words, as it was typed: quotes, spaces and lines kept."""
    words = tokens(text)
    if count == 0:
        return text.strip()
    for start in (found.start() for found in re.finditer(r"(?<=\s)\S", text)):
        if tokens(text[:start]) == words[:count] and tokens(text[start:]) == words[count:]:
            return text[start:].strip()
    return ""


def strip_quotes(text: str) -> str:
    """Words as they were typed, without quotes around all of them."""
    words = tokens(text)
    return words[0] if len(words) == 1 else " ".join(text.split())


def first_words(text: str, count: int) -> str:
    """The first `count` words as they were typed, without quotes around all of them."""
    text = text.strip()
    rest = words_after(text, count)
    return strip_quotes(text[: len(text) - len(rest)])
