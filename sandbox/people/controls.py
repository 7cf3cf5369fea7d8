"""Finding a control on a screen, and what it says when someone has used it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.blocks.block_rules import elements
from sandbox.errors import NotPossible
from sandbox.model import Json
from sandbox.state import Workspace

RESULT = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "overflow": "selected_option",
    "radio_buttons": "selected_option",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
}
"""Element type to the field that carries what was picked; inputs that are typed use "value"."""

_INITIAL = {
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
    "value": "initial_value",
}


def result_field(element: Json) -> str:
    """Where the picked or typed thing goes."""
    return RESULT.get(element["type"], "value")


def find(
    blocks: list[Json], what: str, value: Any = None, block_id: str | None = None
) -> tuple[Json, Json]:
    """The one (block, element) that is meant; NotPossible when there is none, or several."""
    found = [
        (block, element)
        for block in blocks
        if block_id in (None, block["block_id"])
        for element in elements(block)
        if _is_meant(element, what, value)
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotPossible(f"there is no {what!r} here, only {', '.join(labels(blocks)) or 'text'}")
    places = ", ".join(block["block_id"] for block, _ in found)
    raise NotPossible(f"{what!r} is here {len(found)} times: say which block_id ({places})")


def _is_meant(element: Json, what: str, value: Any) -> bool:
    if element["type"] == "button":
        named = what in (element["action_id"], element["text"]["text"])
        return named and value in (None, element.get("value"))
    return what == element["action_id"] or any(what == _label(o) for o in options(element))


def labels(blocks: list[Json]) -> Iterator[str]:
    """What one could click."""
    for block in blocks:
        for element in elements(block):
            if element["type"] == "button":
                yield element["text"]["text"]
            yield from (_label(option) for option in options(element))


def options(element: Json) -> list[Json]:
    """The fixed options of a menu, those of its groups included."""
    grouped = [o for group in element.get("option_groups", []) for o in group["options"]]
    return [*element.get("options", []), *grouped]


def _label(option: Json) -> str:
    return str(option["text"]["text"])


def picked(ws: Workspace, element: Json, choice: Any) -> Json:
    """The field and value for a choice: {"selected_user": "U0PRIYA"}, {"value": "words"} ..."""
    field = result_field(element)
    if field.startswith(("selected_option",)):
        return {field: _chosen_options(element, choice, many=field.endswith("s"))}
    if isinstance(choice, list | tuple):
        return {field: [_translated(ws, field, one) for one in choice]}
    return {field: _translated(ws, field, choice)}


def _chosen_options(element: Json, choice: Any, many: bool) -> Any:
    if many:
        chosen = choice if isinstance(choice, list | tuple) else [choice]
        return [_option(element, one) for one in chosen]
    return _option(element, choice)


def _option(element: Json, choice: Any) -> Json:
    if isinstance(choice, dict):
        return choice
    for option in options(element):
        if choice in (_label(option), option["value"]):
            return option
    offered = ", ".join(_label(option) for option in options(element))
    raise NotPossible(f"there is no option {choice!r}, only {offered or 'none'}")


def _translated(ws: Workspace, field: str, choice: Any) -> Any:
    """Handles and "#names" become ids; everything else travels as a string (times as numbers)."""
    if choice is None or field == "selected_date_time":
        return choice
    if "user" in field:
        return ws.person(choice).id
    if "channel" in field or "conversation" in field:
        return ws.place(choice).id
    return str(choice)


def initial_values(blocks: list[Json]) -> Json:
    """state.values of a fresh screen: every input-like element with what it starts with."""
    values: Json = {}
    for block in blocks:
        for element in elements(block):
            if element["type"] not in ("button", "overflow"):
                field = result_field(element)
                start = element.get(_INITIAL[field], [] if field.endswith("s") else None)
                entry = {"type": element["type"], field: start}
                values.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return values
