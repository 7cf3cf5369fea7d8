"""The forms of setting up: a department, and who manages accounts.

Limits: docs.slack.dev/reference/views (title 24 characters, 100 options of 75 characters).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import (
    ConversationFilter,
    ConversationSelectElement,
    InputBlock,
    InputInteractiveElement,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    StaticSelectElement,
    UserSelectElement,
)

from bot.messages.workspace.setup import Row
from bot.rules.text.words import cut, plural

DEPARTMENT_CALLBACK = "setup:department"
MANAGERS_CALLBACK = "setup:managers"
# Each input's block is called like its field; its element always like this.
VALUE_ACTION = "value"
MAX_TITLE_LENGTH = 24
MAX_WORDS_LENGTH = 600


def department(row: Row, metadata: str) -> dict[str, Any]:
    """A department's form; the company's asks for channel and zone only."""
    blocks = [_channel_input(row)]
    if row.hours:
        blocks.append(_lead_input(row))
        blocks.append(_text_input("hours", "Working hours", row.hours, "Like 09:00-17:00."))
        blocks.append(
            _text_input("days", "Working days", row.days, "Like mon-fri, or mon, wed, fri.")
        )
    blocks.append(_text_input("timezone", "Time zone", row.timezone, "Like Europe/Dublin."))
    if row.hours:
        hint = "A country or a part of one, and single dates: IE, US-CA, 2026-12-24."
        blocks.append(_text_input("holidays", "Holidays", row.holidays, hint, optional=True))
    return _form(DEPARTMENT_CALLBACK, row.name, metadata, blocks)


def managers(
    choices: Sequence[tuple[str, str]], stand_in: str, without: int, metadata: str
) -> dict[str, Any]:
    """Who manages accounts. `choices` are (key, name) of departments, `stand_in` a key."""
    options = {key: Option(value=key, label=cut(name, 75)) for key, name in choices[:100]}
    chosen = StaticSelectElement(
        action_id=VALUE_ACTION, options=list(options.values()), initial_option=options.get(stand_in)
    )
    blocks = [_input("stand_in", "Who looks after an account without a manager?", chosen)]
    if without:
        hint = f"{plural(without, 'account has', 'accounts have')} no manager. Leave it empty to "
        blocks.append(
            _input(
                "manager",
                "Give every account without a manager to",
                UserSelectElement(action_id=VALUE_ACTION),
                hint + "leave them so.",
                optional=True,
            )
        )
    return _form(MANAGERS_CALLBACK, "Who manages accounts", metadata, blocks)


def _channel_input(row: Row) -> InputBlock:
    own = ConversationFilter(include=["public", "private"], exclude_external_shared_channels=True)
    select = ConversationSelectElement(
        action_id=VALUE_ACTION, initial_conversation=row.channel_id, filter=own
    )
    hint = "Invite me there: /invite @Linchpin. Not one that another company reads."
    return _input("channel", "Channel", select, hint)


def _lead_input(row: Row) -> InputBlock:
    select = UserSelectElement(action_id=VALUE_ACTION, initial_user=row.lead_id)
    return _input("lead", "Lead", select, "Hears of what nobody took.", optional=True)


def _text_input(
    field: str, label: str, value: str, hint: str, *, optional: bool = False
) -> InputBlock:
    element = PlainTextInputElement(
        action_id=VALUE_ACTION, initial_value=value or None, max_length=MAX_WORDS_LENGTH
    )
    return _input(field, label, element, hint, optional=optional)


def _input(
    field: str,
    label: str,
    element: InputInteractiveElement,
    hint: str | None = None,
    *,
    optional: bool = False,
) -> InputBlock:
    return InputBlock(
        block_id=field,
        label=PlainTextObject(text=label),
        element=element,
        hint=PlainTextObject(text=hint) if hint else None,
        optional=optional,
    )


def _form(
    callback_id: str, title: str, metadata: str, blocks: Sequence[InputBlock]
) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": metadata,
        "title": PlainTextObject(text=cut(title, MAX_TITLE_LENGTH)).to_dict(),
        "submit": PlainTextObject(text="Save").to_dict(),
        "close": PlainTextObject(text="Cancel").to_dict(),
        "blocks": [block.to_dict() for block in blocks],
    }
