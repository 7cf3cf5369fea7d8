"""The form that records a step of a favour: what, how far, and who of them."""

from collections.abc import Sequence
from typing import Final

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.messages.kit import form_parts
from bot.messages.kit.blocks import section
from bot.messages.kit.text import plain

_STEPS: Final = (
    ("asked", "We asked them"),
    ("agreed", "They agreed"),
    ("did", "They did it"),
    ("declined", "They said no"),
    ("gave", "We gave something back"),
)
MAX_NOTE_LENGTH = 1000


def step_form(account: tuple[int, str], acts: Sequence[str], channel: str) -> View:
    """`account` is (id, name), `acts` the favours of the playbook."""
    inputs: list[Block] = [
        section(f"*{plain(account[1])}*"),
        form_parts.select_input("act", "Favour", [(act, act) for act in acts], acts[0]),
        form_parts.radio_input("verb", "Step", _STEPS, optional=False),
        form_parts.contact_input(account[0], "Contact"),
        form_parts.text_input(
            "note",
            "Note",
            placeholder="No press; only by phone",
            optional=True,
            most=MAX_NOTE_LENGTH,
        ),
    ]
    ids = {"account": account[0], "channel": channel}
    return form_parts.form("advocacy", "Record a favour", "Record", inputs, ids)
