"""Buttons and menus that do something to a touchpoint, made of the table of verbs."""

from __future__ import annotations

from collections.abc import Iterable

from slack_sdk.models.blocks import ButtonElement, Option, OverflowMenuElement

from bot.messages.kit.blocks import button
from bot.rules.touchpoint_verbs import DECIDE, DETAILS, VERBS, claim_or_release


def verb_button(
    verb: str, touchpoint_id: int, label: str = "", *, primary: bool = False
) -> ButtonElement:
    """The verb's button; `label` where it is called differently."""
    style = "primary" if primary or verb == "done" else None
    value = str(touchpoint_id)
    return button(label or VERBS[verb].label, f"touchpoint:{verb}", value, style=style)


def verb_menu(touchpoint_id: int, verbs: Iterable[str], **labels: str) -> OverflowMenuElement:
    """A menu of verbs; `labels` says by verb what is called differently."""
    options = []
    for verb in verbs:
        label = labels.get(verb) or VERBS[verb].label
        options.append(Option(value=f"{verb}:{touchpoint_id}", label=label))
    return OverflowMenuElement(action_id=f"touchpoint:menu:{touchpoint_id}", options=options)


def touchpoint_menu(touchpoint_id: int, state: str, kind: str) -> OverflowMenuElement:
    """The menu of a touchpoint's line in a list."""
    if kind == "renewal":
        return verb_menu(touchpoint_id, (DECIDE, DETAILS), **{DECIDE: "Record the outcome…"})
    snooze = ["snooze"] if state != "planned" else []
    return verb_menu(touchpoint_id, ["done", claim_or_release(state), *snooze, "skip", DETAILS])
