"""conversations.history and conversations.replies: reading messages back."""

from __future__ import annotations

import base64
import binascii

from sandbox.blocks import shapes
from sandbox.errors import SlackError
from sandbox.model import Json, SlackMessage
from sandbox.people import access
from sandbox.state import Workspace


def history(ws: Workspace, args: Json) -> Json:
    """Newest first, thread replies left out unless they were broadcast."""
    place = access.joined(ws, args["channel"])
    posts = [post for post in ws.visible(place.id) if not post.is_reply or post.broadcast]
    within = [post for post in reversed(posts) if _inside(post, args)]
    cursor = _decode(args)
    left = [post for post in within if not cursor or _order(post.ts) <= _order(cursor)]
    return _page(ws, left, args, {"pin_count": 0})


def replies(ws: Workspace, args: Json) -> Json:
    """The thread's first message, then its replies, oldest first."""
    place = access.joined(ws, args["channel"])
    asked = next((post for post in ws.visible(place.id) if post.ts == args["ts"]), None)
    if asked is None:
        raise SlackError("thread_not_found")
    root = asked.thread_ts or asked.ts
    within = [post for post in ws.replies(place.id, root) if _inside(post, args)]
    first = [post for post in ws.visible(place.id) if post.ts == root]
    cursor = _decode(args)
    whole = [*first, *within]
    left = [post for post in whole if not cursor or _order(post.ts) >= _order(cursor)]
    return _page(ws, left, args, {})


def _page(ws: Workspace, left: list[SlackMessage], args: Json, more: Json) -> Json:
    """The first `limit` of what is left; the cursor names the next message, so none is missed."""
    limit = args.get("limit") or 100
    if limit > 999:
        raise SlackError("invalid_limit")
    metadata = args.get("include_all_metadata", False)
    answer: Json = {
        "messages": [shapes.message(post, ws, metadata) for post in left[:limit]],
        "has_more": len(left) > limit,
        **more,
    }
    if len(left) > limit:
        answer |= access.next_cursor(_encode(left[limit].ts))
    return answer


def _inside(post: SlackMessage, args: Json) -> bool:
    """Between oldest and latest, the ends only when `inclusive`."""
    at, edge = _order(post.ts), args.get("inclusive", False)
    oldest, latest = args.get("oldest"), args.get("latest")
    after = not oldest or at > _order(oldest) or (edge and at == _order(oldest))
    before = not latest or at < _order(latest) or (edge and at == _order(latest))
    return after and before


def _order(ts: str) -> int:
    """A ts as a number of microseconds, exact; SlackError when it is none."""
    whole, _, part = ts.partition(".")
    if not whole.isdigit() or (part and not part.isdigit()):
        raise SlackError("invalid_ts_latest")
    return int(whole) * 1_000_000 + int(part[:6].ljust(6, "0"))


def _encode(ts: str) -> str:
    return base64.b64encode(f"next_ts:{ts}".encode()).decode()


def _decode(args: Json) -> str:
    cursor = args.get("cursor", "")
    if not cursor:
        return ""
    try:
        word = base64.b64decode(cursor, validate=True).decode()
    except (binascii.Error, ValueError):
        word = ""
    if not word.startswith("next_ts:"):
        raise SlackError("invalid_cursor")
    return word.removeprefix("next_ts:")


METHODS = {"conversations.history": history, "conversations.replies": replies}
