"""What happens to the workspace itself: people and channels come, change and go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.blocks import shapes
from sandbox.http.bot_endpoint import BotEndpoint
from sandbox.model import Change, Channel, Event, Json, Person, SlackMessage
from sandbox.state import BOT_USER, OTHER_TEAM_ID, Workspace


def add_person(
    endpoint: BotEndpoint, handle: str, real_name: str, more: Mapping[str, Any]
) -> Person:
    """A new member, in the named channels (all but DMs when none are named)."""
    ws = endpoint.ws
    fields = dict(more)
    with ws.lock:
        places = [ws.place(name) for name in fields.pop("channels", ["general"])]
        person = Person(_id(handle), handle, real_name, **fields)
        ws.people[person.id] = person
        for place in places:
            place.members.append(person.id)
    ws.announce(Change("people"))
    _about_person(endpoint, "team_join", person)
    return person


def _id(handle: str) -> str:
    """Slack's ids are capitals and digits; a handle may have dots as well."""
    return "U0" + "".join(sign for sign in handle.upper() if sign.isalnum())


def change_person(endpoint: BotEndpoint, who: str | Person, changes: Mapping[str, Any]) -> Person:
    """Change some fields of a person."""
    person = endpoint.ws.person(who)
    for name, value in changes.items():
        if name not in vars(person) or name == "id":
            raise TypeError(f"a person has no {name} to change")
        setattr(person, name, value)
    endpoint.ws.announce(Change("people"))
    _about_person(endpoint, "user_change", person)
    return person


def _about_person(endpoint: BotEndpoint, kind: str, person: Person) -> Event | None:
    ws = endpoint.ws
    user = shapes.user(person, ws.now())
    event = {"type": kind, "user": user, "cache_ts": ws.epoch(), "event_ts": ws.mint_ts()}
    return endpoint.event(event, None)


def add_channel(
    endpoint: BotEndpoint, name: str, members: Sequence[str], more: Mapping[str, Any]
) -> Channel:
    """A new channel."""
    ws = endpoint.ws
    with ws.lock:
        ids = [ws.person(handle).id for handle in members]
        place_id = "C0" + name.upper().replace("-", "")
        while place_id in ws.channels:  # that of a channel that was renamed
            place_id += "X"
        place = ws.channels[place_id] = Channel(place_id, name, members=ids, **more)
    ws.announce(Change("channel", place.id))
    return place


def invite(
    endpoint: BotEndpoint, by: str | Person, where: str | Channel, whom: str | Person
) -> None:
    """Bring someone in."""
    ws = endpoint.ws
    with ws.lock:
        place, person = ws.place(where), ws.person(whom)
        if person.id in place.members:
            return
        place.members.append(person.id)
        event = _joined(ws, place, person, ws.person(by))
    ws.announce(Change("channel", place.id))
    endpoint.event(event, place)


def _joined(ws: Workspace, place: Channel, person: Person, by: Person) -> Json:
    return {
        "type": "member_joined_channel",
        "user": person.id,
        "channel": place.id,
        "channel_type": "G" if place.is_private else "C",
        "team": person.team_id,
        "inviter": by.id,
        "event_ts": ws.mint_ts(),
    }


def _noun(place: Channel) -> str:
    """What events call it."""
    return "group" if place.is_private else "channel"


def kick(endpoint: BotEndpoint, where: str | Channel, whom: str | Person) -> None:
    """Remove someone; the bot hears of others leaving, if it asked, and of itself."""
    ws = endpoint.ws
    with ws.lock:
        place, person = ws.place(where), ws.person(whom)
        place.members.remove(person.id)
        event = {"channel": place.id, "event_ts": ws.mint_ts()}
    ws.announce(Change("channel", place.id))
    if person.id == BOT_USER:
        endpoint.event(event | {"type": f"{_noun(place)}_left"}, None)
    else:
        left = {"type": "member_left_channel", "user": person.id, "channel_type": "C"}
        endpoint.event(event | left, place)


def archive(endpoint: BotEndpoint, where: str | Channel, by: str | Person, archived: bool) -> None:
    """Archive a channel or bring it back."""
    ws = endpoint.ws
    place = ws.place(where)
    place.is_archived = archived
    ws.announce(Change("channel", place.id))
    kind = f"{_noun(place)}_{'archive' if archived else 'unarchive'}"
    who = ws.person(by).id
    event = {"type": kind, "channel": place.id, "user": who, "event_ts": ws.mint_ts()}
    endpoint.event(event, place)


def rename(endpoint: BotEndpoint, where: str | Channel, name: str) -> None:
    """Give a channel another name."""
    ws = endpoint.ws
    place = ws.place(where)
    place.name = name
    ws.announce(Change("channel", place.id))
    shown = {"id": place.id, "name": name, "name_normalized": name, "created": place.created}
    event = {"type": f"{_noun(place)}_rename", "channel": shown, "event_ts": ws.mint_ts()}
    endpoint.event(event, place)


def share(endpoint: BotEndpoint, where: str | Channel, guest: str | Person) -> None:
    """Connect a channel to the other workspace; its guest comes in."""
    ws = endpoint.ws
    place = ws.place(where)
    place.is_ext_shared = True
    event = {
        "type": "channel_shared",
        "connected_team_id": OTHER_TEAM_ID,
        "channel": place.id,
        "event_ts": ws.mint_ts(),
    }
    endpoint.event(event, place)
    invite(endpoint, "priya", place, guest)


def delete_message(endpoint: BotEndpoint, message: SlackMessage) -> None:
    """Take a message away."""
    with endpoint.ws.lock:
        endpoint.ws.posts[message.channel].pop(message.ts, None)
    endpoint.ws.announce(Change("message", message.channel))


def uninstall(endpoint: BotEndpoint) -> None:
    """The app is removed: its token is dead before it hears of it."""
    ws = endpoint.ws
    ws.token_error = "account_inactive"
    tokens = {"oauth": [], "bot": [BOT_USER]}
    endpoint.event({"type": "tokens_revoked", "tokens": tokens, "event_ts": ws.mint_ts()}, None)
    endpoint.event({"type": "app_uninstalled", "event_ts": ws.mint_ts()}, None)
