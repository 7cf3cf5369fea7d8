"""What stands on a person's screen, in words: messages, dialogs, and the buttons to press."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

#: The keys of a block whose text is on the screen; menus and "are you sure?" open only on a click.
_SHOWN = ("text", "alt_text", "initial_value", "initial_date", "initial_time", "name")
_HIDDEN = ("options", "option_groups", "confirm", "value", "url", "action_id", "block_id", "type")
_DATE = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
_PERSON = re.compile(r"<@(\w+)(?:\|[^>]*)?>")
_LINK = re.compile(r"<([^|>\s]+)(?:\|([^>]*))?>")


@dataclass(frozen=True)
class Button:
    """One button and where it stands: in a message, or in the view."""

    label: str
    action_id: str
    value: str
    block_id: str
    primary: bool
    place: Json  # what the page posts to say where: channel and ts, or view_id

    @property
    def proposes(self) -> bool:
        """Whether it is offered as the certain thing."""
        return self.primary and self.action_id.startswith("command:")


@dataclass(frozen=True)
class Seen:
    """What was new on the screen after something was typed or pressed."""

    text: str
    buttons: tuple[Button, ...]
    modal: Json | None
    seconds: float = 0.0  # until it was acknowledged
    processor: float = 0.0  # of those, what this process was at work

    @property
    def proposals(self) -> list[Button]:
        return [button for button in self.buttons if button.proposes]


def text_of(blocks: list[Json], names: dict[str, str]) -> str:
    """The words of blocks, a line each."""
    return "\n".join(readable(line, names) for line in _words(blocks))


def _words(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _words(each)
    elif isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str) and key in _SHOWN:
                yield value
            elif key == "user_id" or key == "initial_user":
                yield f"<@{value}>"
            elif key not in _HIDDEN:
                yield from _words(value)


def readable(text: str, names: dict[str, str]) -> str:
    """Slack's markup as it is read on the screen."""
    text = _DATE.sub(r"\1", text)
    text = _PERSON.sub(lambda found: f"@{names.get(found[1], found[1])}", text)
    text = _LINK.sub(lambda found: found[2] or names.get(found[1].lstrip("#"), found[1]), text)
    return html.unescape(text)


def buttons_of(blocks: list[Json], place: Json) -> Iterator[Button]:
    """The buttons in these blocks, in order."""
    for block in blocks:
        elements = [*block.get("elements", []), *filter(None, [block.get("accessory")])]
        for one in elements:
            if one.get("type") == "button" and "url" not in one:
                yield Button(
                    label=one["text"]["text"],
                    action_id=one["action_id"],
                    value=one.get("value", ""),
                    block_id=block["block_id"],
                    primary=one.get("style") == "primary",
                    place=place,
                )


def command_lines(text: str) -> list[str]:
    """The slash commands that are written out in it, ready to be typed."""
    found = re.findall(r"`(/[a-z]+ [^`]+)`", text)
    return list(dict.fromkeys(found))


def holds(text: str, phrase: str) -> bool:
    """Whether one of "a|b" stands in the text, in any case; a number must be the whole number."""
    shown = _normal(text)
    for one in phrase.split("|"):
        words = re.escape(_normal(one))
        before = r"(?<!\d)(?<!\d[,.])" if one[:1].isdigit() else ""
        after = r"(?!\d)" if one[-1:].isdigit() else ""
        if re.search(f"{before}{words}{after}", shown):
            return True
    return False


def _normal(text: str) -> str:
    text = html.unescape(text).translate(str.maketrans("’‘“”\u00a0\u202f–", "''\"\"  -", "*`~"))
    return " ".join(re.sub(r"(?<!\w)_|_(?!\w)", "", text).casefold().split())
