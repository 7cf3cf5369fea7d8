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
    return strip_message_markup(tx, unstyled(sentence)).replace("`", "")


def strip_message_markup(tx: Tx, text: str) -> str:
    """The same for a message's text, which has no stars."""
    words = _PERSON.sub(lambda found: members.name(tx, found[1]), text)
    words = _CHANNEL.sub(lambda found: f"#{found[1] or 'channel'}", words)
    return unescape(words).replace("\u2060", "")


def defuse_markup(words: str) -> str:
    """Plain text in which Slack finds no mention or link. A lone & is left, as the text may be
    shown without unescaping."""
    return words.replace("<", "‹").replace(">", "›")
