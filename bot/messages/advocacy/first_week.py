"""Two questions about three accounts, in the first week; the form that takes the answers."""

from collections.abc import Sequence
from datetime import date

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.messages.kit import form_parts
from bot.messages.kit.blocks import button, compose, context, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, plain, short
from bot.rules.text.words import plural

VALUE = "What did they get from us, in their words?"
ADVOCATE = "Who there would speak for us?"
_MAX_LENGTH = 300


def question(accounts: Sequence[tuple[int, str, date | None]], today: date) -> Message:
    """To a manager; `accounts` are (id, name, renewal date)."""
    count = plural(len(accounts), "account")
    rows: list[Block | str] = [
        section(
            _account(name, renews_on, today), button("Answer…", "first:answer", str(account_id))
        )
        for account_id, name, renews_on in accounts
    ]
    head = f"*First week: 2 questions about {count} of yours*\n1. {VALUE}\n2. {ADVOCATE}"
    return compose(head, *rows, context("One line each is enough."))


def _account(name: str, renews_on: date | None, today: date) -> str:
    renews = f"renews {day(renews_on, today)}" if renews_on else "renewal date not known"
    return f"*{plain(name)}* · {renews}"


def form(account_id: int, name: str, renews_on: date | None, today: date) -> View:
    """One line for each question; both may stay empty."""
    blocks: list[Block] = [
        context(_account(name, renews_on, today)),
        form_parts.text_input(
            "value",
            VALUE,
            placeholder="two days a month saved on invoices",
            optional=True,
            hint="Counts as our estimate until they confirm it.",
        ),
        form_parts.text_input(
            "advocate",
            ADVOCATE,
            placeholder="Jane Doe, CFO",
            optional=True,
            hint="Recorded as a contact. Nobody is asked yet.",
        ),
    ]
    ids = {"account": account_id}
    return form_parts.form("first", "Two questions", "Save", blocks, ids)


def saved(name: str, value: str, advocate: str) -> Message:
    """What was kept."""
    parts = [f'"{short(value, _MAX_LENGTH)}", our estimate until they confirm it'] if value else []
    parts += [f"{plain(advocate)} would speak for us; nobody is asked yet"] if advocate else []
    return text_message(f"*{plain(name)}*: {'; '.join(parts)}.")
