"""The forms of setting up: a department, and who manages accounts."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import (
    Block,
    ConversationFilter,
    ConversationSelectElement,
    InputBlock,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.messages.kit.form_parts import FIELD_ACTION, form, input_block, select_input, text_input
from bot.messages.workspace.setup import Row
from bot.rules.text.words import plural

MAX_WORDS_LENGTH = 600


def department(row: Row, ids: Mapping[str, str]) -> View:
    """A department's form; the company's asks for channel and zone only."""
    zone = _words_input("timezone", "Time zone", row.timezone, "Like Europe/Dublin.")
    blocks: list[Block] = [_channel_input(row), zone]
    if row.hours:
        lead = UserSelectElement(action_id=FIELD_ACTION, initial_user=row.lead_id)
        days = "Like mon-fri, or mon, wed, fri."
        holidays = "A country or a part of one, and single dates: IE, US-CA, 2026-12-24."
        blocks = [
            _channel_input(row),
            input_block("lead", "Lead", lead, optional=True, hint="Gets escalations."),
            _words_input("hours", "Working hours", row.hours, "Like 09:00-17:00."),
            _words_input("days", "Working days", row.days, days),
            zone,
            _words_input("holidays", "Holidays", row.holidays, holidays, optional=True),
        ]
    return form("department", row.name, "Save", blocks, ids)


def managers(
    choices: Sequence[tuple[str, str]], stand_in: str, without: int, ids: Mapping[str, str]
) -> View:
    """Who manages accounts. `choices` are (key, name) of departments, `stand_in` a key."""
    question = "Who looks after an account without a manager?"
    blocks: list[Block] = [select_input("stand_in", question, choices, stand_in)]
    if without:
        have = plural(without, "account has", "accounts have")
        blocks.append(
            input_block(
                "manager",
                "Give every account without a manager to",
                UserSelectElement(action_id=FIELD_ACTION),
                optional=True,
                hint=f"{have} no manager. Leave it empty to leave them so.",
            )
        )
    return form("managers", "Who manages accounts", "Save", blocks, ids)


def _channel_input(row: Row) -> InputBlock:
    own = ConversationFilter(include=["public", "private"], exclude_external_shared_channels=True)
    select = ConversationSelectElement(
        action_id=FIELD_ACTION, initial_conversation=row.channel_id, filter=own
    )
    hint = "Invite me there: /invite @Linchpin. Not one that another company reads."
    return input_block("channel", "Channel", select, hint=hint)


def _words_input(
    field: str, label: str, value: str, hint: str, *, optional: bool = False
) -> InputBlock:
    return text_input(
        field, label, initial=value, most=MAX_WORDS_LENGTH, optional=optional, hint=hint
    )
