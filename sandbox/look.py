"""The contents of the workspace, as copies."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence

from sandbox.blocks.block_rules import texts
from sandbox.errors import NotPossible
from sandbox.model import Call, Channel, Ephemeral, Execution, Json, Person, SlackMessage, View
from sandbox.people import screens
from sandbox.state import BOT_USER, Workspace


def messages(ws: Workspace, where: str | Channel) -> list[SlackMessage]:
    """Every visible message of a channel, oldest first."""
    with ws.lock:
        return copy.deepcopy(ws.visible(ws.place(where).id))


def thread(ws: Workspace, message: SlackMessage) -> list[SlackMessage]:
    """The replies under a message."""
    with ws.lock:
        return copy.deepcopy(ws.replies(message.channel, message.thread_ts or message.ts))


def dms(ws: Workspace, who: str | Person) -> list[SlackMessage]:
    """The DM of a person with the bot."""
    with ws.lock:
        return copy.deepcopy(ws.visible(ws.direct(ws.person(who)).id))


def ephemerals(ws: Workspace, who: str | Person) -> list[Ephemeral]:
    """What only this person saw."""
    person = ws.person(who)
    with ws.lock:
        return copy.deepcopy([w for w in ws.whispers if w.viewer == person.id])


def execution(ws: Workspace, id: str) -> Execution:
    """One run of a workflow's step; NotPossible when there is none."""
    with ws.lock:
        if id not in ws.executions:
            raise NotPossible(f"there is no execution {id}")
        return copy.deepcopy(ws.executions[id])


def prompts(ws: Workspace, person: Person) -> list[Json]:
    """The prompts of a person's conversation with the bot: their own, or the manifest's."""
    with ws.lock:
        return list(ws.prompts.get(ws.direct(person).id, ws.switches.prompts))


def modal(ws: Workspace, who: str | Person) -> View | None:
    """The top modal of a person."""
    with ws.lock:
        return copy.deepcopy(screens.top(ws, ws.person(who).id))


def home(ws: Workspace, who: str | Person) -> View | None:
    """The App Home of a person."""
    with ws.lock:
        return copy.deepcopy(ws.views.get(ws.homes.get(ws.person(who).id, "")))


def calls(ws: Workspace, method: str | None) -> list[Call]:
    """The Web API calls so far."""
    with ws.lock:
        return [call for call in ws.calls if method in (None, call.method)]


def expect(ws: Workspace, where: str | Channel, words: Sequence[str]) -> SlackMessage:
    """Take the oldest unexpected bot message that holds all the words; AssertionError if none."""
    with ws.lock:
        for post in _unexpected(ws, ws.place(where).id):
            if all(word in _whole_text(post) for word in words):
                post.expected = True
                return copy.deepcopy(post)
        left = [f"{_spot(ws, post)}: {post.text}" for post in unexpected(ws)]
    wanted = " and ".join(repr(word) for word in words) or "anything"
    raise AssertionError("\n  ".join([f"no message in {where} with {wanted}; there are", *left]))


def unexpected(ws: Workspace) -> list[SlackMessage]:
    """The bot's messages that nobody expected."""
    with ws.lock:
        places = list(ws.channels)
        return copy.deepcopy([post for id in places for post in _unexpected(ws, id)])


def _unexpected(ws: Workspace, channel: str) -> Iterator[SlackMessage]:
    visible = ws.visible(channel)
    return (post for post in visible if post.user == BOT_USER and not post.expected)


def _spot(ws: Workspace, post: SlackMessage) -> str:
    place = ws.channels[post.channel]
    return "@" + ws.people[place.user].handle if place.is_im else "#" + place.name


def _whole_text(post: SlackMessage) -> str:
    return "\n".join([post.text, *texts(post.blocks)])
