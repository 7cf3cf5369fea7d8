"""Views as they stand on people's screens: stacks of modals (three at most) and homes."""

from __future__ import annotations

import copy
import secrets

from sandbox.blocks.block_rules import with_ids
from sandbox.errors import SlackError
from sandbox.model import Change, Json, View
from sandbox.state import Workspace

DEEPEST = 3


#: So many Homes before the last one may still be on a screen that has not been drawn anew.
STILL_ON_A_SCREEN = 3


def show(ws: Workspace, viewer: str, body: Json, on_top: bool) -> View:
    """Put a modal on a person's screen; without `on_top` it replaces all that was there."""
    stack = ws.stacks.setdefault(viewer, [])
    if not on_top:
        stack.clear()
    if len(stack) >= DEEPEST:
        raise SlackError("push_limit_reached")
    id = ws.ids.next("V")
    view = View(id, viewer, {}, "", stack[0] if stack else id, stack[-1] if stack else None)
    fill(ws, view, body)
    stack.append(id)
    return view


def fill(ws: Workspace, view: View, body: Json) -> None:
    """Give a view a new body and hash; what was typed stays where the input is still there."""
    kept = copy.deepcopy(body)
    kept["blocks"] = with_ids(kept["blocks"], lambda: ws.ids.next("b"))
    view.body = kept
    view.hash = f"{ws.epoch()}.{secrets.token_hex(4)}"
    present = {block["block_id"] for block in kept["blocks"]}
    view.values = {id: value for id, value in view.values.items() if id in present}
    ws.views[view.id] = view
    ws.announce(Change("view", viewer=view.viewer))


def publish(ws: Workspace, viewer: str, body: Json) -> View:
    """Make this a person's App Home."""
    old = ws.views.get(ws.homes.get(viewer, ""))
    id = ws.ids.next("V")
    view = old or View(id, viewer, {}, "", id)
    if old is not None:
        view.earlier = [old.blocks, *old.earlier][:STILL_ON_A_SCREEN]
    fill(ws, view, body)
    ws.homes[viewer] = view.id
    return view


def top(ws: Workspace, viewer: str) -> View | None:
    """The modal a person looks at."""
    stack = ws.stacks.get(viewer)
    return ws.views[stack[-1]] if stack else None


def close_top(ws: Workspace, viewer: str) -> None:
    """Take the top modal away; the one below shows again."""
    stack = ws.stacks.get(viewer, [])
    if stack:
        stack.pop()
    ws.announce(Change("view", viewer=viewer))


def close_all(ws: Workspace, viewer: str) -> None:
    """Take all modals of a person away."""
    ws.stacks.pop(viewer, None)
    ws.announce(Change("view", viewer=viewer))


def is_open(ws: Workspace, view: View) -> bool:
    """True for a modal still on a stack, and for a home."""
    return view.id in ws.stacks.get(view.viewer, []) or ws.homes.get(view.viewer) == view.id


def check_hash(view: View, expected: str | None) -> None:
    """`hash_conflict` when the view changed since the bot read it."""
    if expected and expected != view.hash:
        raise SlackError("hash_conflict")
