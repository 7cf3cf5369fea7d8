"""assistant.threads.*: what an agent suggests in its conversation."""

from __future__ import annotations

from typing import Any

from sandbox.errors import SlackError
from sandbox.model import Change, Json
from sandbox.state import Workspace

MOST = 4


def set_suggested_prompts(ws: Workspace, args: Json) -> Json:
    """assistant.threads.setSuggestedPrompts, for the conversation as a whole."""
    place = ws.channels.get(args["channel_id"])
    if place is None or not place.is_im:
        raise SlackError("channel_not_found")
    prompts = args["prompts"]
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= MOST:
        raise SlackError("invalid_arguments", [f"[ERROR] prompts must be 1 to {MOST}"])
    if not all(_is_prompt(one) for one in prompts):
        raise SlackError("invalid_arguments", ["[ERROR] a prompt has a title and a message"])
    ws.prompts[place.id] = prompts
    ws.announce(Change("channel", place.id))
    return {}


def _is_prompt(one: Any) -> bool:
    return isinstance(one, dict) and all(
        isinstance(one.get(part), str) and one[part] for part in ("title", "message")
    )


METHODS = {"assistant.threads.setSuggestedPrompts": set_suggested_prompts}
