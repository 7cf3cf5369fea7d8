"""What each Web API method takes. Unknown arguments are refused, so that a typo shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sandbox.errors import SlackError
from sandbox.model import Json

_CHAT = "text blocks attachments metadata mrkdwn parse link_names unfurl_links unfurl_media"
_POST = f"channel! {_CHAT} thread_ts reply_broadcast client_msg_id username icon_emoji icon_url"
_PAGE = "cursor limit"
_SPAN = "latest oldest inclusive include_all_metadata"

TAKES = {
    "api.test": "error foo",
    "assistant.threads.setSuggestedPrompts": "channel_id! prompts! title thread_ts",
    "auth.test": "",
    "apps.connections.open": "",
    "chat.postMessage": _POST,
    "chat.postEphemeral": f"channel! user! {_CHAT} thread_ts username icon_emoji icon_url",
    "chat.update": f"channel! ts! {_CHAT} reply_broadcast",
    "chat.delete": "channel! ts!",
    "chat.getPermalink": "channel! message_ts!",
    "conversations.history": f"channel! {_PAGE} {_SPAN}",
    "conversations.replies": f"channel! ts! {_PAGE} {_SPAN}",
    "conversations.info": "channel! include_num_members include_locale",
    "conversations.list": f"types exclude_archived {_PAGE}",
    "conversations.open": "users channel return_im prevent_creation",
    "conversations.members": f"channel! {_PAGE}",
    "conversations.join": "channel!",
    "files.info": f"file! {_PAGE}",
    "files.getUploadURLExternal": "filename! length! alt_txt snippet_type",
    "files.completeUploadExternal": "files! channel_id thread_ts initial_comment blocks channels",
    "users.info": "user! include_locale",
    "users.list": f"include_locale {_PAGE}",
    "users.conversations": f"user types exclude_archived {_PAGE}",
    "functions.completeSuccess": "function_execution_id! outputs!",
    "functions.completeError": "function_execution_id! error!",
    "reactions.get": "channel timestamp full",
    "reactions.add": "channel! timestamp! name!",
    "reactions.remove": "channel timestamp name!",
    "views.open": "view! trigger_id",
    "views.push": "view! trigger_id",
    "views.update": "view! view_id external_id hash",
    "views.publish": "view! user_id! hash",
}
"""Method to the arguments it takes; "!" marks those it needs."""

_ALWAYS = {"token", "team_id"}
"""Taken everywhere: a client may put its token in the body, and Bolt's adds the workspace."""

_JSON = frozenset({"blocks", "attachments", "metadata", "files", "outputs", "prompts", "view"})
_FLAGS = frozenset(
    "mrkdwn link_names unfurl_links unfurl_media reply_broadcast inclusive include_all_metadata "
    "include_num_members include_locale exclude_archived return_im prevent_creation full".split()
)
_NUMBERS = frozenset({"limit"})


def read(method: str, given: Json) -> Json:
    """The arguments of a call, each in its own type. Raises SlackError("invalid_arguments")."""
    names = {word.rstrip("!"): word.endswith("!") for word in TAKES[method].split()}
    problems = [
        f"[ERROR] unknown argument: {name}" for name in given if name not in names.keys() | _ALWAYS
    ]
    problems += [
        f"[ERROR] missing required field: {name}"
        for name, needed in names.items()
        if needed and given.get(name) in (None, "")
    ]
    if problems:
        raise SlackError("invalid_arguments", problems)
    wanted = {n: v for n, v in given.items() if v is not None and n not in _ALWAYS}
    return {name: _typed(name, value) for name, value in wanted.items()}


def _typed(name: str, value: Any) -> Any:
    kinds: tuple[tuple[frozenset[str], Callable[[str, Any], Any]], ...] = (
        (_JSON, _object),
        (_FLAGS, _flag),
        (_NUMBERS, _number),
    )
    for known, convert in kinds:
        if name in known:
            return convert(name, value)
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise SlackError("invalid_arguments", [f"[ERROR] {name} must be a string"])
    return str(value)


def _object(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        error = "invalid_blocks_format" if name == "blocks" else "invalid_arguments"
        raise SlackError(error, [f"[ERROR] {name} is not JSON"]) from None


def _flag(name: str, value: Any) -> bool:
    if str(value).lower() not in ("true", "false", "1", "0"):
        raise SlackError("invalid_arguments", [f"[ERROR] {name} must be true or false"])
    return str(value).lower() in ("true", "1")


def _number(name: str, value: Any) -> int:
    if not str(value).isdigit():
        raise SlackError("invalid_limit")
    return int(value)
