"""Reads what people type: escapes, mentions, quotes, words, names of stages and departments."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.rules.playbook.playbook import Playbook
from bot.rules.text.words import tokens

_PERSON = re.compile(r"<@([A-Z0-9]+)(?:\|([^<>]*))?>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+\|([^<>]*)>")
_LINK = re.compile(r"<((?:https?|mailto):[^<>|]+)(?:\|([^<>]*))?>")


def unescape(text: str) -> str:
    """A command's text as it was typed: Slack sends & < > as entities.

    A NUL, which nobody types and PostgreSQL cannot keep, is left out.
    """
    text = text.replace("\x00", "")
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def readable(text: str, name_of: Callable[[str], str]) -> str:
    """Text with mentions, channels and links as plain words. `name_of` names a Slack user."""
    text = _PERSON.sub(lambda found: f"@{found[2] or name_of(found[1])}", text)
    text = _CHANNEL.sub(lambda found: f"#{found[1]}", text)
    return _LINK.sub(_link_text, text)


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


def _link_text(found: re.Match[str]) -> str:
    return found[2] or found[1] if found[1].startswith("mailto:") else found[1]


def stage_name(playbook: Playbook, key: str) -> str:
    """The name of a stage; its key where the playbook no longer has it."""
    stage = playbook.stage(key)
    return stage.name if stage else key


def department_key(playbook: Playbook, words: str) -> str | None:
    """The key of the department with that key or name, or None."""
    for key, department in playbook.departments.items():
        if words.casefold() in (key.casefold(), department.name.casefold()):
            return key
    return None
