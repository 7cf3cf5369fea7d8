"""What people read in a message or a view, and what they can answer there."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Blocks = list[dict[str, Any]]

_MENTION = re.compile(r"<@(U0?[A-Z0-9]+)>")
_LINK = re.compile(r"<[^|>]+\|([^>]*)>")
_STYLE = re.compile(r"(?<![\w`])([*_])(?=\S)(.+?)(?<=\S)\1(?![\w`])")
_LINE = re.compile(r"\d+\s{2,}(?:✅ )?(.*)", re.DOTALL)


@dataclass(frozen=True)
class Control:
    """A button or a menu of one touchpoint, and the text beside it."""

    touchpoint: str
    text: str
    block_id: str
    #: What is clicked for each verb: (the control, its value).
    verbs: dict[str, tuple[str, str]] = field(hash=False)


def plain(text: str) -> str:
    """Markup as one reads it: people by their handle."""
    text = _MENTION.sub(lambda found: "@" + found[1].removeprefix("U0").lower(), text)
    text = _LINK.sub(lambda found: found[1], text)
    return html.unescape(_STYLE.sub(lambda found: found[2], text))


def texts(blocks: Blocks) -> Iterator[str]:
    """What the blocks show, without the labels of their controls, line by line."""
    for block in blocks:
        if block["type"] in ("section", "header") and "text" in block:
            yield from plain(block["text"]["text"]).split("\n")
        for one in block.get("fields", []):
            yield from plain(one["text"]).split("\n")
        if block["type"] == "context":
            for one in block["elements"]:
                yield from plain(one.get("text", one.get("alt_text", ""))).split("\n")


def controls(blocks: Blocks) -> list[Control]:
    """Every touchpoint that can be answered here, each once."""
    found: dict[str, Control] = {}
    text = heading = ""
    for block in blocks:
        if block["type"] == "section":
            text = plain(block.get("text", {}).get("text", ""))
            if line := _LINE.match(text):  # of a list: its play stands above it
                account, _, rest = line[1].partition(" · ")
                text = " · ".join(filter(None, (account, heading, rest)))
            elif "accessory" not in block:
                heading = text
        accessory = [block["accessory"]] if "accessory" in block else []
        for element in [*block.get("elements", []), *accessory]:
            for touchpoint, verb, what, value in _verbs(element):
                known = found.setdefault(
                    touchpoint, Control(touchpoint, text, block["block_id"], {})
                )
                known.verbs.setdefault(verb, (what, value))
    return list(found.values())


def _verbs(element: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """(touchpoint, verb, what to click, value) of one control."""
    action = str(element.get("action_id", ""))
    if not action.startswith(("touchpoint:", "renewal:")):
        return
    if element["type"] == "button":
        yield element["value"], action.partition(":")[2], action, element["value"]
    for option in element.get("options", []):
        verb, _, touchpoint = option["value"].partition(":")
        if touchpoint:
            yield touchpoint, verb, action, option["value"]
