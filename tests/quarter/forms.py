"""The forms that ask for the one line, as people fill them in."""

from __future__ import annotations

from datetime import date
from typing import Any

from sandbox.model import View
from tests.quarter.office import Office

#: What a form asks for, by its title.
_ASKED = {
    "Record customer value": "value",
    "Record a contact": "person",
    "Record an alternative": "alternative",
    "Record the decision date": "decision date",
    "Record a goal": "goal",
    "Record a risk": "risk",
    "Record a promise": "promise",
    "Record what they said": "note",
}


def asked(form: View) -> str:
    """What kind of line a form asks for, "" for another form."""
    return _ASKED.get(form.title, "")


def filled(form: View, words: str, soon: date) -> tuple[dict[str, Any], str]:
    """The values of a form with the line in it, and all that was typed."""
    values: dict[str, Any] = {}
    for block in form.blocks:
        if block["type"] != "input":
            continue
        kind = block["element"]["type"]
        if kind == "datepicker":
            values[block["block_id"]] = soon.isoformat()
        elif kind == "plain_text_input" and words not in values.values():
            values[block["block_id"]] = words
    typed = [text for text in values.values() if not text[:1].isdigit() or " " in text]
    return values, " ".join(typed)


def picked(office: Office, who: str, form: View) -> dict[str, Any] | None:
    """Who confirmed a value: typed into the field of people, and picked there."""
    for block in form.blocks:
        label = block.get("label", {}).get("text", "")
        if label.startswith("Confirmed by"):
            action = block["element"]["action_id"]
            offered = office.slack.suggest(who, form, action, "Jane Doe")
            return {block["block_id"]: offered[0]} if offered else None
    return None
