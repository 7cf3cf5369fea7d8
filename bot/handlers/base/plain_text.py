"""Sentences without Slack's markup, for places that show only plain text."""

import re
from html import unescape

from bot.messages.kit.text import unstyled
from db.core.tx import Tx
from db.members import members

_PERSON = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+(?:\|([^<>]*))?>")


def strip_markup(tx: Tx, sentence: str) -> str:
    """People by their names, no stars, no backticks."""
    words = _PERSON.sub(lambda found: members.name(tx, found[1]), unstyled(sentence))
    words = _CHANNEL.sub(lambda found: f"#{found[1] or 'channel'}", words)
    return unescape(words).replace("\u2060", "").replace("`", "")
