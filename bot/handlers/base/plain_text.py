"""Sentences without Slack's markup, for places that show only plain text."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from zoneinfo import ZoneInfo

from bot.messages.kit.text import unstyled
from db.core.tx import Tx
from db.members import members

_DATE = re.compile(r"<!date\^(\d+)\^([^|>]*)\|[^<>]*>")
_PERSON = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+(?:\|([^<>]*))?>")


def strip_markup(tx: Tx, sentence: str, zone: str) -> str:
    """Times in the reader's zone, people by their names, no stars, no backticks."""
    return strip_message_markup(tx, unstyled(sentence), zone).replace("`", "")


def strip_message_markup(tx: Tx, text: str, zone: str) -> str:
    """The same for a message's text, which has no stars."""
    words = _DATE.sub(lambda found: _format_time(int(found[1]), found[2], zone), text)
    words = _PERSON.sub(lambda found: members.name(tx, found[1]), words)
    words = _CHANNEL.sub(lambda found: f"#{found[1] or 'channel'}", words)
    return unescape(words).replace("\u2060", "")


def defuse_markup(words: str) -> str:
    """Plain text in which Slack finds no mention or link.

    A lone & is left, as the text may be shown without unescaping.
    """
    return words.replace("<", "‹").replace(">", "›")


def _format_time(epoch: int, shape: str, zone: str) -> str:
    at = datetime.fromtimestamp(epoch, UTC).astimezone(ZoneInfo(zone))
    return f"{at:%a} {at.day} {at:%b}" + (f" {at:%H:%M}" if "{time}" in shape else "")
