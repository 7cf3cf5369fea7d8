"""reactions.*: reading them, and the bot's own."""

from __future__ import annotations

import re

from sandbox.blocks import shapes
from sandbox.errors import SlackError
from sandbox.model import Change, Json, SlackMessage
from sandbox.people import access
from sandbox.state import BOT_USER, Workspace

NAME = re.compile(r"[a-z0-9_'+-]+(::skin-tone-[2-6])?")


def add_to(post: SlackMessage, user: str, name: str) -> None:
    """Put a user's reaction on a message. SlackError: invalid_name, already_reacted."""
    if not NAME.fullmatch(name):
        raise SlackError("invalid_name")
    entry = next((r for r in post.reactions if r["name"] == name), None)
    if entry is None:
        post.reactions.append({"name": name, "users": [user], "count": 1})
    elif user in entry["users"]:
        raise SlackError("already_reacted")
    else:
        entry["users"].append(user)
        entry["count"] += 1


def take_from(post: SlackMessage, user: str, name: str) -> None:
    """Take a user's reaction away. SlackError: no_reaction."""
    entry = next((r for r in post.reactions if r["name"] == name), None)
    if entry is None or user not in entry["users"]:
        raise SlackError("no_reaction")
    entry["users"].remove(user)
    entry["count"] -= 1
    if not entry["users"]:
        post.reactions.remove(entry)


def _target(ws: Workspace, args: Json) -> SlackMessage:
    if not args.get("channel") or not args.get("timestamp"):
        raise SlackError("no_item_specified")
    place = access.joined(ws, args["channel"])
    return access.message(ws, place, args["timestamp"])


def get(ws: Workspace, args: Json) -> Json:
    """reactions.get."""
    post = _target(ws, args)
    shown = shapes.message(post, ws, metadata=False)
    return {"type": "message", "channel": post.channel, "message": shown}


def add(ws: Workspace, args: Json) -> Json:
    """reactions.add, by the bot."""
    post = _target(ws, args)
    if ws.channels[post.channel].is_archived:
        raise SlackError("is_archived")
    add_to(post, BOT_USER, args["name"])
    ws.announce(Change("message", post.channel))
    return {}


def remove(ws: Workspace, args: Json) -> Json:
    """reactions.remove, the bot's own."""
    post = _target(ws, args)
    take_from(post, BOT_USER, args["name"])
    ws.announce(Change("message", post.channel))
    return {}


METHODS = {"reactions.get": get, "reactions.add": add, "reactions.remove": remove}
