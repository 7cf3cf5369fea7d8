"""How people answer a touchpoint: they press a verb, and fill in the form that asks for a line."""

from __future__ import annotations

from datetime import date
from typing import Any

from sandbox.errors import NotPossible
from sandbox.model import Answer, SlackMessage, View
from sandbox.people.reading import controls
from sandbox.sandbox import Sandbox

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


def press(slack: Sandbox, who: str, message: SlackMessage, touchpoint: str, verb: str) -> bool:
    """Clicks a verb of a touchpoint; False where the message no longer offers it."""
    now = slack.workspace.message(message.channel, message.ts)
    shown = controls(now.blocks) if now else []
    control = next((one for one in shown if one.touchpoint == touchpoint), None)
    if now is None or control is None or verb not in control.verbs:
        return False
    what, value = control.verbs[verb]
    try:
        slack.click(who, now, what, value)
    except NotPossible:
        return False
    return True


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


def picked(slack: Sandbox, who: str, form: View, name: str) -> dict[str, Any] | None:
    """Who confirmed a value: typed into the field of people, and picked there."""
    for block in form.blocks:
        label = block.get("label", {}).get("text", "")
        if label.startswith("Confirmed by"):
            offered = slack.suggest(who, form, block["element"]["action_id"], name)
            return {block["block_id"]: offered[0]} if offered else None
    return None


def send(slack: Sandbox, who: str, values: dict[str, Any]) -> Answer:
    """Sends the form on top; where it then reads back what was typed, that is confirmed."""
    answer = slack.submit(who, values)
    if not (answer.errors or answer.error) and slack.modal(who) is not None:
        answer = slack.submit(who, {})
    return answer


def open_question(slack: Sandbox, who: str, seen: int, *, writes: bool) -> View | None:
    """Answers the private question after a reaction: opens its form, or says "Nothing new".

    `seen` is how many private messages the person had before it.
    """
    wanted = "answer" if writes else "Nothing new"
    for whisper in slack.ephemerals(who)[seen:]:
        for block in whisper.blocks:
            for element in block.get("elements", []):
                label = element.get("text", {}).get("text", "")
                if element.get("type") == "button" and wanted in label:
                    slack.click(who, whisper, label)
                    return slack.modal(who)
    return None
