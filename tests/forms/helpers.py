"""What the stories of forms share."""

from __future__ import annotations

from typing import Any

from sandbox.model import Answer, View
from tests.story import Story


def modal(story: Story, who: str) -> View:
    """The form on this person's screen."""
    found = story.slack.modal(who)
    assert found is not None, "no form is open"
    return found


def submits(story: Story, who: str, values: dict[str, Any] | None = None) -> Answer:
    """Fills the form on top and submits it; what it made is delivered."""
    answer = story.slack.submit(who, values or {})
    story.settle()
    return answer


def picks(story: Story, who: str, typed: str) -> dict[str, Any]:
    """The first account that is suggested for what is typed."""
    offered = story.slack.suggest(who, modal(story, who), "account", typed)
    assert offered, f"nothing is suggested for {typed!r}"
    return offered[0]


def names(story: Story, who: str, typed: str) -> dict[str, Any]:
    """The contact that is offered last for what is typed: the words themselves, if they are new."""
    form = modal(story, who)
    block = next(b for b in form.blocks if b.get("block_id") == "contact")
    offered = story.slack.suggest(who, form, block["element"]["action_id"], typed)
    assert offered, f"no contact is offered for {typed!r}"
    return offered[-1]


def starts_with(view: View, block_id: str) -> Any:
    """What stands in an input when the form opens."""
    block = next(b for b in view.blocks if b["block_id"] == block_id)
    found = [value for name, value in block["element"].items() if name.startswith("initial_")]
    value = found[0] if found else None
    return value["text"]["text"] if isinstance(value, dict) else value
