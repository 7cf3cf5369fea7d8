"""The forms about promises: a new one, and one that will not hold as it was made."""

from collections.abc import Mapping, Sequence
from datetime import date

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.messages.kit import form_parts
from bot.messages.kit.blocks import context, section
from bot.messages.kit.text import day, plain, short

MAX_TEXT_LENGTH = 300
MAX_REASON_LENGTH = 500
LATER, NEVER = "later", "never"


def new(
    owners: Sequence[tuple[str, str]],
    *,
    account: tuple[int, str] | None,
    text: str = "",
    due_on: date | None = None,
    owner: str,
    keeper: str | None = None,
    ids: Mapping[str, object],
) -> View:
    """A new promise; `owners` are (key, name) of those who may keep it."""
    blocks: list[Block] = [
        form_parts.account_input(account),
        form_parts.text_input(
            "text",
            "What was promised",
            initial=text,
            placeholder="SSO for all their users",
            most=MAX_TEXT_LENGTH,
            focus=bool(account),
        ),
        form_parts.date_input("due_on", "By", due_on),
        form_parts.select_input("owner", "Owner", owners, owner),
        form_parts.member_input("keeper", "Person", keeper),
    ]
    return form_parts.form("promise", "Record a promise", "Record", blocks, ids)


def change(promise_id: int, account: str, text: str, due_on: date, channel: str) -> View:
    """It will be kept later, or not at all; either way the customer should hear of it."""
    head = f'*{plain(account)}* · "{short(text, MAX_TEXT_LENGTH)}", promised for {day(due_on)}'
    blocks: list[Block] = [
        section(head),
        form_parts.radio_input(
            "what",
            "What changes?",
            ((LATER, "They get it later"), (NEVER, "It will not be kept")),
            LATER,
            optional=False,
        ),
        form_parts.date_input("due_on", "They get it by", optional=True),
        form_parts.radio_input(
            "consent",
            "What does the customer say?",
            (
                ("agreed", "They agreed"),
                ("told", "They know, and have not agreed"),
                ("unknown", "They do not know yet"),
            ),
            optional=False,
        ),
        form_parts.text_input("reason", "Why?", most=MAX_REASON_LENGTH, multiline=True),
        context("It is shown in the account's timeline. Tell the customer early."),
    ]
    ids = {"promise": promise_id, "channel": channel}
    return form_parts.form("promise_change", "Change a promise", "Save", blocks, ids)
