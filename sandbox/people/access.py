"""How the bot reaches channels, people and messages: what is there, and what it may do there."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from sandbox.errors import SlackError
from sandbox.model import Channel, File, Json, Person, SlackMessage
from sandbox.state import BOT_USER, Workspace

Item = TypeVar("Item")


def channel(ws: Workspace, word: str) -> Channel:
    """A conversation by id that the bot can know about, or channel_not_found."""
    found = ws.channels.get(word)
    if found is None or ((found.is_private or found.is_im) and BOT_USER not in found.members):
        raise SlackError("channel_not_found")
    return found


def joined(ws: Workspace, word: str) -> Channel:
    """A conversation the bot is in, or not_in_channel."""
    found = channel(ws, word)
    if BOT_USER not in found.members:
        raise SlackError("not_in_channel")
    return found


def addressee(ws: Workspace, word: str) -> Channel:
    """Where a post goes: a channel id, "#name", or a person's id (opens the DM)."""
    if word in ws.people:
        return dm(ws, word)
    named = None if word in ws.channels else ws.channel_named(word)
    found = channel(ws, named.id if named else word)
    if found.is_archived:
        raise SlackError("is_archived")
    if BOT_USER not in found.members and not (ws.switches.public_write and not found.is_private):
        raise SlackError("not_in_channel")
    return found


def dm(ws: Workspace, user_id: str) -> Channel:
    """The DM with someone, opened if need be."""
    other = person(ws, user_id)
    if other.is_bot:
        raise SlackError("cannot_dm_bot")
    if other.deleted:
        raise SlackError("user_disabled")
    return ws.direct(other)


def person(ws: Workspace, word: str) -> Person:
    """Someone by id, or user_not_found."""
    found = ws.people.get(word)
    if found is None:
        raise SlackError("user_not_found")
    return found


def message(ws: Workspace, place: Channel, ts: str) -> SlackMessage:
    """A message that shows by now, or message_not_found."""
    found = next((post for post in ws.visible(place.id) if post.ts == ts), None)
    if found is None:
        raise SlackError("message_not_found")
    return found


def file(ws: Workspace, word: str) -> File:
    """A file of the bot's own or of a conversation it is in, or file_not_found."""
    found = ws.files.get(word)
    if found is None or BOT_USER not in (found.user, *ws.members(found.channel)):
        raise SlackError("file_not_found")
    return found


def pictures(ws: Workspace) -> Callable[[str], bool]:
    """Whether an id or an address is that of a processed picture the bot may show."""

    def shows(word: str) -> bool:
        try:
            found = file(ws, word.removeprefix(f"{ws.url}/files/").split("/")[0])
        except SlackError:
            return False
        return found.is_picture and found.processed_at <= ws.epoch()

    return shows


def page(items: Sequence[Item], args: Json, usual: int, most: int) -> tuple[list[Item], str]:
    """One page and the cursor of the next ("" at the end). The cursor is opaque to the bot."""
    limit = args.get("limit") or usual
    if not 1 <= limit <= most:
        raise SlackError("invalid_limit")
    start = _offset(args.get("cursor", ""))
    rest = len(items) - start - limit
    following = base64.b64encode(f"next:{start + limit}".encode()).decode() if rest > 0 else ""
    return list(items[start : start + limit]), following


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (binascii.Error, ValueError):
        raise SlackError("invalid_cursor") from None


def next_cursor(cursor: str) -> Json:
    """The `response_metadata` that carries a cursor."""
    return {"response_metadata": {"next_cursor": cursor}}
