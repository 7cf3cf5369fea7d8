"""What people do with modals, menus that ask the bot, and the App Home."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from sandbox.blocks import shapes
from sandbox.blocks.rules import check_options, check_view
from sandbox.errors import NotPossible, SlackError
from sandbox.http import answers
from sandbox.http.bot_endpoint import BotEndpoint
from sandbox.http.transport import Ack
from sandbox.model import Answer, Ephemeral, Json, Person, SlackMessage, View
from sandbox.people import access, controls, screens
from sandbox.people.deeds import base
from sandbox.state import Workspace


def open_home(endpoint: BotEndpoint, who: str | Person, tab: str) -> View | None:
    """Open the app's home; the bot hears app_home_opened and may publish."""
    ws = endpoint.ws
    with ws.lock:
        person = ws.person(who)
        event: Json = {
            "type": "app_home_opened",
            "user": person.id,
            "channel": ws.direct(person).id,
            "tab": tab,
            "event_ts": ws.mint_ts(),
        }
        standing = ws.views.get(ws.homes.get(person.id, ""))
        if standing is not None and tab == "home":
            event["view"] = shapes.view(standing)
    endpoint.event(event, None)
    with ws.lock:
        return copy.deepcopy(ws.views.get(ws.homes.get(person.id, "")))


def _top(ws: Workspace, person: Person) -> View:
    view = screens.top(ws, person.id)
    if view is None:
        raise NotPossible(f"{person.handle} has no modal open")
    return view


def submit(endpoint: BotEndpoint, who: str | Person, values: Mapping[str, Any]) -> Answer:
    """Fill the top modal and press its submit button."""
    ws = endpoint.ws
    with ws.lock:
        person = ws.person(who)
        view = _top(ws, person)
        errors = _fill(ws, view, values)
        if errors:
            return Answer(0, error="not_submitted", errors=errors)
        payload = base(ws, "view_submission", person)
        payload |= {"view": shapes.view(view), "response_urls": []}
        since = ws.mint_ts()
    ack = endpoint.interaction(payload)
    return _after_submit(ws, view, ack, since)


def _fill(ws: Workspace, view: View, values: Mapping[str, Any]) -> dict[str, str]:
    """Put the values into the view; what Slack's own window would refuse, by block_id."""
    filled = _merged(controls.initial_values(view.blocks), view.values)
    for key, value in values.items():
        block = _input(view, key)
        element = block["element"]
        entry = {"type": element["type"], **controls.picked(ws, element, value)}
        filled[block["block_id"]] = {element["action_id"]: entry}
    view.values = filled
    inputs = [block for block in view.blocks if block["type"] == "input"]
    found = {block["block_id"]: _fault(block, filled) for block in inputs}
    return {id: words for id, words in found.items() if words}


def _merged(initial: Json, typed: Json) -> Json:
    return {id: {**initial.get(id, {}), **typed.get(id, {})} for id in {**initial, **typed}}


def _input(view: View, key: str) -> Json:
    for block in view.blocks:
        if block["type"] == "input" and key in (
            block["label"]["text"],
            block["block_id"],
            block["element"]["action_id"],
        ):
            return block
    raise NotPossible(f"the modal {view.title!r} asks for no {key!r}")


def _fault(block: Json, filled: Json) -> str:
    """Why Slack's window would not let this input go, "" when it would."""
    element = block["element"]
    value = filled[block["block_id"]][element["action_id"]][controls.result_field(element)]
    if value in (None, "", []):
        return "" if block.get("optional") else "Please complete this required field."
    if element["type"] == "plain_text_input":
        least, most = element.get("min_length", 0), element.get("max_length", 3000)
        if not least <= len(value) <= most:
            return f"Please write {least} to {most} characters."
    return ""


def _after_submit(ws: Workspace, view: View, ack: Ack, since: str) -> Answer:
    """Follow the ack: nothing closes the modal, response_action does something else."""
    if not ack.ok:
        return Answer(ack.status, error=ack.error)
    with ws.lock:
        try:
            errors = _respond(ws, view, ack.body)
        except SlackError as error:
            ws.complain(f"ack of view_submission: {error}")
            return Answer(ack.status, error=error.error)
        if errors:
            return Answer(ack.status, errors=errors)
    return answers.to_click(ws, view.viewer, ack, since)


def _respond(ws: Workspace, view: View, body: Any) -> dict[str, str]:
    """Do what `response_action` says; the errors to show, by block_id."""
    if body in ("", {}, None):
        screens.close_top(ws, view.viewer)
        return {}
    action = body.get("response_action") if isinstance(body, dict) else None
    if action == "clear":
        screens.close_all(ws, view.viewer)
    elif action == "errors":
        return _checked_errors(view, body.get("errors"))
    elif action in ("update", "push"):
        check_view(body.get("view"), shows=access.pictures(ws))
        if action == "push":
            screens.show(ws, view.viewer, body["view"], on_top=True)
        else:
            screens.fill(ws, view, body["view"])
    else:
        raise SlackError("invalid_arguments", [f"[ERROR] unknown response_action: {action}"])
    return {}


def _checked_errors(view: View, errors: Any) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_arguments", ["[ERROR] errors must name an input block"])
    for id in errors:
        if id not in inputs:
            raise SlackError("invalid_arguments", [f"[ERROR] no input block is called {id}"])
    return dict(errors)


def dismiss(endpoint: BotEndpoint, who: str | Person, all_views: bool) -> Answer:
    """Close the top modal, or all; the bot hears of it where it asked to (notify_on_close)."""
    ws = endpoint.ws
    with ws.lock:
        person = ws.person(who)
        view = _top(ws, person)
        payload = base(ws, "view_closed", person)
        payload |= {"view": shapes.view(view), "is_cleared": all_views}
        whole = all_views or bool(view.body.get("clear_on_close"))
        (screens.close_all if whole else screens.close_top)(ws, person.id)
    if not view.body.get("notify_on_close"):
        return Answer(200)
    ack = endpoint.interaction(payload)
    return Answer(ack.status, error=ack.error)


def suggest(
    endpoint: BotEndpoint,
    who: str | Person,
    on: SlackMessage | Ephemeral | View,
    action_id: str,
    typed: str,
) -> list[Json]:
    """Type into an external_select: one block_suggestion request."""
    ws = endpoint.ws
    with ws.lock:
        block, element = controls.find(on.blocks, action_id)
        if len(typed) < element.get("min_query_length", 3):
            return []
        payload = base(ws, "block_suggestion", ws.person(who)) | {
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "value": typed,
        }
        payload |= _asked_on(ws, on)
    ack = endpoint.interaction(payload)
    try:
        check_options(ack.body if isinstance(ack.body, dict) else {"options": []})
    except SlackError as error:
        ws.complain(f"ack of block_suggestion: {error}")
        return []
    body = ack.body if ack.ok and isinstance(ack.body, dict) else {}
    return list(body.get("options") or body.get("option_groups") or [])


def _asked_on(ws: Workspace, on: SlackMessage | Ephemeral | View) -> Json:
    if isinstance(on, View):
        return {
            "container": {"type": "view", "view_id": on.id},
            "view": shapes.view(ws.views[on.id]),
        }
    place = ws.channels[on.channel]
    return {
        "container": {
            "type": "message",
            "message_ts": on.ts,
            "channel_id": on.channel,
            "is_ephemeral": isinstance(on, Ephemeral),
        },
        "channel": {"id": place.id, "name": place.name or "directmessage"},
    }
