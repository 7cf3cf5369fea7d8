"""conversations.* about the channels themselves."""

from __future__ import annotations

from sandbox.blocks import shapes
from sandbox.errors import SlackError
from sandbox.model import Change, Channel, Json
from sandbox.people import access
from sandbox.state import BOT_USER, Workspace

KINDS = {"public_channel", "private_channel", "im", "mpim"}


def info(ws: Workspace, args: Json) -> Json:
    """conversations.info."""
    place = access.channel(ws, args["channel"])
    shown = shapes.channel(place)
    if args.get("include_num_members"):
        shown["num_members"] = len(place.members)
    return {"channel": shown}


def list_(ws: Workspace, args: Json) -> Json:
    """conversations.list."""
    return _listed(ws, args, [c for c in ws.channels.values() if _known(c)])


def of_user(ws: Workspace, args: Json) -> Json:
    """users.conversations: those of a person, or the bot's own."""
    user = access.person(ws, args.get("user") or BOT_USER)
    theirs = [c for c in ws.channels.values() if user.id in c.members and _known(c)]
    return _listed(ws, args, theirs)


def _known(place: Channel) -> bool:
    return (not place.is_private and not place.is_im) or BOT_USER in place.members


def _listed(ws: Workspace, args: Json, places: list[Channel]) -> Json:
    kinds = set((args.get("types") or "public_channel").replace(" ", "").split(","))
    if not kinds <= KINDS:
        raise SlackError("invalid_types")
    wanted = [c for c in places if _kind(c) in kinds]
    if args.get("exclude_archived"):
        wanted = [c for c in wanted if not c.is_archived]
    some, cursor = access.page(wanted, args, 100, 1000)
    shown = [{**shapes.channel(c), "num_members": len(c.members)} for c in some]
    return {"channels": shown, **access.next_cursor(cursor)}


def _kind(place: Channel) -> str:
    if place.is_im:
        return "im"
    return "private_channel" if place.is_private else "public_channel"


def open_(ws: Workspace, args: Json) -> Json:
    """conversations.open with one user (group DMs are not imitated)."""
    if args.get("channel"):
        place = access.channel(ws, args["channel"])
    else:
        users = [word for word in (args.get("users") or "").split(",") if word]
        if len(users) != 1:
            raise SlackError("users_list_not_supplied" if not users else "not_enough_users")
        place = access.dm(ws, users[0])
    shown = shapes.channel(place) if args.get("return_im") else {"id": place.id}
    return {"no_op": False, "already_open": False, "channel": shown}


def members(ws: Workspace, args: Json) -> Json:
    """conversations.members."""
    place = access.channel(ws, args["channel"])
    some, cursor = access.page(place.members, args, 100, 1000)
    return {"members": some, **access.next_cursor(cursor)}


def join(ws: Workspace, args: Json) -> Json:
    """conversations.join: the bot goes in by itself, in public channels only."""
    place = access.channel(ws, args["channel"])
    if place.is_im or place.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if place.is_archived:
        raise SlackError("is_archived")
    if BOT_USER not in place.members:
        place.members.append(BOT_USER)
        ws.announce(Change("channel", place.id))
    return {"channel": shapes.channel(place)}


METHODS = {
    "conversations.info": info,
    "conversations.list": list_,
    "conversations.open": open_,
    "conversations.members": members,
    "conversations.join": join,
    "users.conversations": of_user,
}
