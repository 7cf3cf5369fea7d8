"""The sandbox's Slack as the quarter's people use it: what they read, and what they click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sandbox import Ephemeral, SlackMessage
from sandbox.model import View
from sandbox.people.answering import press
from sandbox.people.reading import controls, plain, texts
from sandbox.state import BOT_USER
from tests.story import Story

DEPARTMENTS = ("sales", "marketing", "operations")


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
        return press(self.slack, who, message, touchpoint, verb)

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
