"""Sentences without Slack's markup, for the places that show plain text only."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from zoneinfo import ZoneInfo

from bot.messages.kit.parts import spoken
from db.core.tx import Tx
from db.members import members

_DATE = re.compile(r"<!date\^(\d+)\^([^|>]*)\|[^<>]*>")
_PERSON = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+(?:\|([^<>]*))?>")


def unmarked(tx: Tx, sentence: str, zone: str) -> str:
    """Times in the reader's zone, people by their names, no stars, no backticks."""
    return told(tx, spoken(sentence), zone).replace("`", "")


def told(tx: Tx, text: str, zone: str) -> str:
    """The same for a message's own text, which has lost its stars already."""
    words = _DATE.sub(lambda found: _time(int(found[1]), found[2], zone), text)
    words = _PERSON.sub(lambda found: members.name(tx, found[1]), words)
    words = _CHANNEL.sub(lambda found: f"#{found[1] or 'channel'}", words)
    return unescape(words).replace("\u2060", "")


def inert(words: str) -> str:
    """Plain text that Slack may take for markup: no mention or link can come of it.

    A lone & is left: whoever shows the text as it is should not read «&amp;».
    """
    return words.replace("<", "‹").replace(">", "›")


def _time(epoch: int, shape: str, zone: str) -> str:
    at = datetime.fromtimestamp(epoch, UTC).astimezone(ZoneInfo(zone))
    return f"{at:%a} {at.day} {at:%b}" + (f" {at:%H:%M}" if "{time}" in shape else "")
