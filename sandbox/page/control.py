"""What was picked in a control of the page, in the form `Sandbox.click` takes it."""

from __future__ import annotations

from typing import Any

from sandbox.people.controls import result_field

Json = dict[str, Any]


def picked(action: Json) -> Any:
    """The value, option(s), person, place or date of an action as Slack writes it; else None."""
    if not isinstance(action.get("type"), str):
        return None
    return action.get(result_field(action))


def is_cleared(action: Json) -> bool:
    """A date or menu that was emptied: Slack's window sends nothing for it in a message."""
    return action.get("type") != "button" and picked(action) is None
