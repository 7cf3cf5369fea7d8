"""users.*: who is there."""

from __future__ import annotations

from sandbox.blocks import shapes
from sandbox.model import Json
from sandbox.people import access
from sandbox.state import TEAM_ID, Workspace


def info(ws: Workspace, args: Json) -> Json:
    """users.info."""
    return {"user": shapes.user(access.person(ws, args["user"]), ws.now())}


def list_(ws: Workspace, args: Json) -> Json:
    """users.list: the workspace's own people and bots, the deactivated too; no outsiders."""
    own = [person for person in ws.people.values() if person.team_id == TEAM_ID]
    some, cursor = access.page(own, args, 200, 1000)
    shown = [shapes.user(person, ws.now()) for person in some]
    return {"members": shown, "cache_ts": ws.epoch(), **access.next_cursor(cursor)}


METHODS = {"users.info": info, "users.list": list_}
