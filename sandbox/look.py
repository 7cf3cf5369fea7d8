"""The contents of the workspace, for tests (copies) and for the page (JSON)."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from sandbox.blocks import shapes
from sandbox.errors import NotPossible
from sandbox.model import Call, Channel, Ephemeral, Execution, Json, Person, SlackMessage, View
from sandbox.people import screens
from sandbox.state import BOT_USER, TEAM_ID, TEAM_NAME, Workspace


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
    return "\n".join([post.text, *_strings(post.blocks)])


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def snapshot(ws: Workspace, viewer_id: str, limit: int) -> Json:
    """Everything one person sees, as JSON.

    {workspace: {id, name, bot_user}, now: ISO time, viewer: person,
     people: [{id, handle, name, title, tz, is_bot, is_guest, is_outsider, deleted}],
     channels: [{id, name, topic, is_archived, is_ext_shared, is_member, has_bot, num_members,
                 messages}],
     dms: [{id, user, name, messages}],           # the viewer's DM with the bot
     modal: view or None, modal_depth: number, home: view or None, complaints: [...]}

    A message: Slack's own fields (ts, user, text, blocks, edited, thread_ts, reactions ...) and
    channel, name (of the author), is_bot, ephemeral, replies (messages, oldest first). The last
    `limit` of each channel, oldest first, ephemerals of the viewer among them.
    """
    with ws.lock:
        viewer = ws.people[viewer_id]
        top = screens.top(ws, viewer_id)
        home = ws.views.get(ws.homes.get(viewer_id, ""))
        places = [place for place in ws.channels.values() if not place.is_im]
        return {
            "workspace": {"id": TEAM_ID, "name": TEAM_NAME, "bot_user": BOT_USER},
            "now": ws.now().isoformat(),
            "viewer": _person(viewer),
            "people": [_person(person) for person in ws.people.values()],
            "channels": [_place(ws, place, viewer, limit) for place in places],
            "dms": [_dm(ws, viewer, limit)],
            "modal": shapes.view(top) if top else None,
            "modal_depth": len(ws.stacks.get(viewer_id, [])),
            "home": shapes.view(home) if home else None,
            "complaints": list(ws.complaints),
        }


def _person(person: Person) -> Json:
    return {
        "id": person.id,
        "handle": person.handle,
        "name": person.real_name,
        "title": person.title,
        "tz": person.tz,
        "is_bot": person.is_bot,
        "is_guest": person.is_restricted or person.is_ultra_restricted,
        "is_outsider": person.team_id != TEAM_ID,
        "deleted": person.deleted,
    }


def _place(ws: Workspace, place: Channel, viewer: Person, limit: int) -> Json:
    member = viewer.id in place.members
    return {
        "id": place.id,
        "name": place.name,
        "topic": place.topic,
        "is_archived": place.is_archived,
        "is_ext_shared": place.is_ext_shared,
        "is_member": member,
        "has_bot": BOT_USER in place.members,
        "num_members": len(place.members),
        "messages": _shown(ws, place.id, viewer, limit) if member else [],
    }


def _dm(ws: Workspace, viewer: Person, limit: int) -> Json:
    place = ws.direct(viewer)
    bot = ws.people[BOT_USER]
    shown = _shown(ws, place.id, viewer, limit)
    return {"id": place.id, "user": BOT_USER, "name": bot.real_name, "messages": shown}


def _shown(ws: Workspace, channel: str, viewer: Person, limit: int) -> list[Json]:
    posts = [_post(ws, p) for p in ws.visible(channel) if not p.is_reply or p.broadcast]
    for root in posts:
        found = _private(ws, channel, viewer, root["ts"])
        replies = [_post(ws, reply) for reply in ws.replies(channel, root["ts"])]
        root["replies"] = sorted([*replies, *found], key=lambda shown: shown["ts"])
    whole = [*posts, *_private(ws, channel, viewer, None)]
    return sorted(whole, key=lambda shown: shown["ts"])[-limit:]


def _post(ws: Workspace, post: SlackMessage) -> Json:
    author = ws.people.get(post.user)
    return shapes.message(post, ws) | {
        "channel": post.channel,
        "name": author.real_name if author else post.user,
        "is_bot": bool(author and author.is_bot),
        "ephemeral": False,
        "replies": [],
    }


def _private(ws: Workspace, channel: str, viewer: Person, thread_ts: str | None) -> list[Json]:
    extra = {"channel": channel, "name": ws.people[BOT_USER].real_name, "is_bot": True}
    return [
        shapes.ephemeral(whisper) | extra | {"ephemeral": True, "replies": []}
        for whisper in ws.whispers
        if (whisper.viewer, whisper.channel, whisper.thread_ts) == (viewer.id, channel, thread_ts)
    ]
