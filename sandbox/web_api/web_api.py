"""The Web API: who calls, what goes wrong on command, which method answers, what is noted down."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox import pace
from sandbox.errors import SlackError
from sandbox.faults import Fault
from sandbox.model import Call, Json
from sandbox.people import files
from sandbox.state import Workspace
from sandbox.web_api import (
    agent,
    apps,
    arguments,
    chat,
    conversations,
    functions,
    messages,
    reactions,
    users,
    views,
)

Method = Callable[[Workspace, Json], Json]

METHODS: dict[str, Method] = {
    **files.METHODS,
    **agent.METHODS,
    **apps.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **functions.METHODS,
    **messages.METHODS,
    **reactions.METHODS,
    **users.METHODS,
    **views.METHODS,
}


@dataclass(frozen=True)
class Reply:
    """What goes back over HTTP.

    `drop`: cut the connection instead; `wait`: real seconds first; `drip`: real seconds it takes.
    """

    body: Json
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    wait: float = 0
    drip: float = 0


def handle(ws: Workspace, method: str, given: Json, token: str) -> Reply:
    """Answer one call, exactly as Slack would or as a fault orders."""
    fault = ws.faults.take(method, _channel_id(ws, given)) if method in METHODS else None
    early = _before(fault)
    reply = early or _committed(ws, method, given, token, fault)
    struck = fault and (
        early or (reply.body.get("ok") and fault.kind not in ("slow_answer", "drip"))
    )
    outcome = fault.kind if fault and struck else _outcome(reply)
    with ws.lock:
        ws.calls.append(Call(method, copy.deepcopy(given), ws.now(), outcome))
    return reply if early else _after(fault, reply)


def _outcome(reply: Reply) -> str:
    return "ok" if reply.body.get("ok") else str(reply.body.get("error"))


def _channel_id(ws: Workspace, given: Json) -> str | None:
    """The channel a call is about, by id, for faults that are ordered for one channel."""
    name = str(given.get("channel") or "")
    if name in ws.people:
        return "D" + name[1:]
    found = ws.channels.get(name) or ws.channel_named(name)
    return found.id if found else None


def _before(fault: Fault | None) -> Reply | None:
    """The reply of a fault that keeps the call from having any effect."""
    if fault is None:
        return None
    if fault.kind == "429":
        return refusal(SlackError("ratelimited", status=429, retry_after=fault.retry_after))
    if fault.kind == "500_before":
        return _broken()
    if fault.kind == "drop_before":
        return Reply({}, drop=True)
    if fault.kind.startswith("error:"):
        return refusal(SlackError(fault.kind.removeprefix("error:")))
    return None


def _after(fault: Fault | None, reply: Reply) -> Reply:
    """The reply of a fault that strikes when the call has had its effect."""
    if fault is None or not reply.body.get("ok"):
        return reply
    kind = fault.answer if fault.kind == "slow_commit" else fault.kind
    if kind in ("500", "500_after"):
        return _broken()
    if kind in ("drop", "drop_after"):
        return Reply({}, drop=True)
    if kind == "slow_answer":
        return Reply(reply.body, wait=fault.seconds)
    if kind == "drip":
        return Reply(reply.body, drip=fault.seconds)
    return reply


def _committed(ws: Workspace, method: str, given: Json, token: str, fault: Fault | None) -> Reply:
    delay = fault.seconds if fault and fault.kind == "slow_commit" else 0.0
    try:
        with ws.lock:
            body = {"ok": True, **_perform(ws, method, given, token, delay)}
            return Reply(body, headers=_scopes(ws))
    except SlackError as error:
        return refusal(error)
    except Exception as bug:
        # A mistake in the sandbox itself must end a test red, not look like Slack's own trouble.
        ws.complain(f"the sandbox itself failed in {method}: {bug!r}")
        return _broken()


def _scopes(ws: Workspace) -> dict[str, str]:
    """Slack tells with every answer what the token may do."""
    scopes = ws.switches.scopes
    return {} if scopes is None else {"x-oauth-scopes": ",".join(sorted(scopes))}


def _perform(ws: Workspace, method: str, given: Json, token: str, delay: float) -> Json:
    if method not in METHODS:
        raise SlackError("unknown_method", [f"[ERROR] {method} is not imitated by the sandbox"])
    check_token(ws, method, token)
    args = arguments.read(method, given)
    if method == "chat.postMessage":
        _keep_pace(ws, given)
    if delay:
        args["_visible_in"] = delay
    return METHODS[method](ws, args)


def check_token(ws: Workspace, method: str, token: str) -> None:
    """Raises not_authed, invalid_auth, or what became of the token since."""
    wanted = ws.app_token if method.startswith("apps.connections") else ws.bot_token
    if not token:
        raise SlackError("not_authed")
    if token != wanted:
        other = token in (ws.app_token, ws.bot_token)
        raise SlackError("not_allowed_token_type" if other else "invalid_auth")
    if ws.token_error:
        raise SlackError(ws.token_error)


def _keep_pace(ws: Workspace, given: Json) -> None:
    channel = _channel_id(ws, given)
    if not ws.switches.pace or channel is None:
        return
    wait = pace.take(ws.buckets, channel, ws.switches.burst, ws.now())
    if wait:
        raise SlackError("ratelimited", status=429, retry_after=wait)


def refusal(error: SlackError) -> Reply:
    """Slack's error answer."""
    body: dict[str, Any] = {"ok": False, "error": error.error}
    if error.details:
        body["response_metadata"] = {"messages": error.details}
    if error.error == "invalid_blocks":
        body["errors"] = [words.removeprefix("[ERROR] ") for words in error.details]
    headers = {"Retry-After": str(error.retry_after)} if error.status == 429 else {}
    return Reply(body, error.status, headers)


def _broken() -> Reply:
    return Reply({"ok": False, "error": "internal_error"}, 500)
