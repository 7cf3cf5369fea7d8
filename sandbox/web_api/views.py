"""views.*: modals and the App Home."""

from __future__ import annotations

from sandbox.blocks import shapes
from sandbox.blocks.rules import check_view
from sandbox.errors import SlackError
from sandbox.model import Json, View
from sandbox.people import access, screens
from sandbox.state import Workspace


def open_(ws: Workspace, args: Json) -> Json:
    """views.open."""
    return _shown(ws, args, on_top=False)


def push(ws: Workspace, args: Json) -> Json:
    """views.push."""
    return _shown(ws, args, on_top=True)


def _shown(ws: Workspace, args: Json, on_top: bool) -> Json:
    if not args.get("trigger_id"):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: trigger_id"])
    check_view(_body(args), shows=access.pictures(ws))
    viewer = ws.tickets.use_trigger(args["trigger_id"], ws.now())
    if on_top and not ws.stacks.get(viewer):
        raise SlackError("not_found")
    return {"view": shapes.view(screens.show(ws, viewer, args["view"], on_top))}


def _body(args: Json) -> Json:
    if not isinstance(args["view"], dict):
        raise SlackError("invalid_arguments", ["[ERROR] view must be an object"])
    body: Json = args["view"]
    return body


def update(ws: Workspace, args: Json) -> Json:
    """views.update, by view_id or external_id."""
    view = _find(ws, args)
    check_view(_body(args), (view.kind,), shows=access.pictures(ws))
    screens.check_hash(view, args.get("hash"))
    screens.fill(ws, view, args["view"])
    return {"view": shapes.view(view)}


def _find(ws: Workspace, args: Json) -> View:
    id, external = args.get("view_id"), args.get("external_id")
    if not id and not external:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view_id"])
    for view in ws.views.values():
        named = view.id == id if id else view.body.get("external_id") == external
        if named and screens.is_open(ws, view):
            return view
    raise SlackError("not_found")


def publish(ws: Workspace, args: Json) -> Json:
    """views.publish."""
    viewer = access.person(ws, args["user_id"])
    check_view(_body(args), ("home",), shows=access.pictures(ws))
    old = ws.views.get(ws.homes.get(viewer.id, ""))
    if old is not None:
        screens.check_hash(old, args.get("hash"))
    return {"view": shapes.view(screens.publish(ws, viewer.id, args["view"]))}


METHODS = {
    "views.open": open_,
    "views.push": push,
    "views.update": update,
    "views.publish": publish,
}
