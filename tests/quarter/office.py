"""The sandbox's Slack as the quarter's people use it: what they read, and what they click."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sandbox import Ephemeral, SlackMessage
from sandbox.errors import NotPossible
from sandbox.model import View
from sandbox.state import BOT_USER
from tests.story import Story

DEPARTMENTS = ("sales", "marketing", "operations")
Blocks = list[dict[str, Any]]

_MENTION = re.compile(r"<@(U0?[A-Z0-9]+)>")
_LINK = re.compile(r"<[^|>]+\|([^>]*)>")
_STYLE = re.compile(r"(?<![\w`])([*_])(?=\S)(.+?)(?<=\S)\1(?![\w`])")


@dataclass(frozen=True)
class Page:
    """What somebody read: which surface, whose, when, and its lines."""

    surface: str
    reader: str
    at: datetime
    lines: tuple[str, ...]
    account: str = ""
    #: Touchpoints with a control on the page, in order.
    touchpoints: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


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
    text = ""
    for block in blocks:
        if block["type"] == "section":
            text = plain(block.get("text", {}).get("text", ""))
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


class Office:
    """People at work in a story's Slack, and what is new since somebody last looked."""

    def __init__(self, story: Story, people: Sequence[str]) -> None:
        self.story, self.slack, self.people = story, story.slack, people
        self._read: set[tuple[str, str]] = set()
        self.words: dict[str, int] = {}  # typed by people, by touchpoint

    @property
    def now(self) -> datetime:
        return self.story.now

    def slack_time(self, message: SlackMessage) -> datetime:
        """When a message came."""
        return datetime.fromtimestamp(float(message.ts), UTC)

    # -- reading

    def standing(self, place: str) -> list[SlackMessage]:
        """What stands in a place, oldest first; only to look at, nothing is copied."""
        workspace = self.slack.workspace
        with workspace.lock:
            return workspace.visible(workspace.place(place).id)

    def news(self) -> list[tuple[str, SlackMessage]]:
        """(place, message) of all that Linchpin posted since the last look, oldest first."""
        places = [f"#{name}" for name in (*DEPARTMENTS, "customers")]
        places += [f"@{who}" for who in self.people]
        found = []
        for place in places:
            for message in self.standing(place):
                key = (message.channel, message.ts)
                if key not in self._read and message.user == BOT_USER:
                    self._read.add(key)
                    found.append((place, message))
        return sorted(found, key=lambda one: float(one[1].ts))

    def command(self, who: str, line: str) -> str:
        """Types a command and returns what it says."""
        answer = self.slack.command(who, "#general", line)
        shown = answer.message.blocks if answer.message is not None else answer.blocks
        return "\n".join(texts(shown)) or plain(answer.text)

    def page(self, surface: str, who: str, line: str, account: str = "") -> Page:
        """What a command that only reads answers."""
        answer = self.slack.command(who, "#general", line)
        blocks = answer.message.blocks if answer.message is not None else answer.blocks
        lines = tuple(texts(blocks)) or tuple(plain(answer.text).split("\n"))
        there = tuple(one.touchpoint for one in controls(blocks))
        return Page(surface, who, self.now, lines, account, there)

    def homes(self, people: Sequence[str]) -> list[Page]:
        """Everybody opens their Home; all are shown before one is read."""
        for who in people:
            self.slack.open_home(who)
        self.story.settle()
        found = []
        for who in people:
            view = self.slack.home(who)
            assert view is not None
            there = tuple(one.touchpoint for one in controls(view.blocks))
            found.append(Page("home", who, self.now, tuple(texts(view.blocks)), "", there))
        return found

    # -- clicking

    def again(self, message: SlackMessage) -> SlackMessage | None:
        """The message as it stands now."""
        return self.slack.workspace.message(message.channel, message.ts)

    def answer(self, who: str, message: SlackMessage, touchpoint: str, verb: str) -> bool:
        """Clicks a verb of a touchpoint; False where the message no longer offers it."""
        now = self.again(message)
        shown = controls(now.blocks) if now else []
        control = next((one for one in shown if one.touchpoint == touchpoint), None)
        if now is None or control is None or verb not in control.verbs:
            return False
        what, value = control.verbs[verb]
        try:
            self.slack.click(who, now, what, value)
        except NotPossible:
            return False
        return True

    def form(self, who: str) -> View | None:
        return self.slack.modal(who)

    def whispers(self, who: str) -> list[Ephemeral]:
        return self.slack.ephemerals(who)

    def close_forms(self, who: str) -> None:
        if self.slack.modal(who) is not None:
            self.slack.dismiss(who, all_views=True)

    def typed(self, touchpoint: str, words: str) -> None:
        """Counts what a person had to type for a touchpoint."""
        self.words[touchpoint] = self.words.get(touchpoint, 0) + len(words.split())


def day(found: str, near: date) -> date:
    """ "Fri 29 Jan 2027", or without the year the nearest one."""
    words = found.replace(",", "").split()
    for year in [words[3]] if len(words) > 3 else [near.year, near.year + 1, near.year - 1]:
        read = datetime.strptime(f"{words[1]} {words[2]} {year}", "%d %b %Y").date()  # noqa: DTZ007
        if f"{read:%a}" == words[0]:
            return read
    raise ValueError(found)
