"""The forms behind a nudge's Done, Skip and Snooze."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.messages.accounts.value_form import CONFIRMATION_CHOICES
from bot.messages.kit import form_parts
from bot.messages.kit.blocks import actions, button, context, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import on, plain
from bot.messages.promises.forms import MAX_TEXT_LENGTH as LONGEST_PROMISE

# (what is remembered, what is shown); the first is what the account's story says.
RESULT_CHOICES = (
    ("went well", "It went well"),
    ("nothing new", "Nothing new"),
    ("they are not happy", "They are not happy"),
    ("not reached", "I did not reach them"),
)
SKIP_REASONS = (
    ("done in another way", "It was done in another way"),
    ("not the right moment", "It is not the right moment"),
    ("does not fit this account", "It does not fit this account"),
    ("they asked us not to", "They asked us not to"),
)
MORE_LABEL = "More: value, promise, next step…"
PROMISE_HINT = "Its owner is asked in time. It stays open until it is kept."
STEP_HINT = "With a date it is nudged like any touchpoint."
# An entry of the value ledger is one line.
MAX_VALUE_LENGTH = 1000
# What stands on the nudge afterwards; a longer story belongs into /log.
MAX_REASON_LENGTH = 500


def done(
    touchpoint_id: int,
    account: str,
    title: str,
    owners: Sequence[tuple[str, str]],
    owner: str,
    channel: str,
    *,
    whole: bool = False,
) -> View:
    """Shown when it is done already: everything in it is a gift, and closing it is fine.

    Two things at first, the rest behind "More…". `owners` are (key, name) of those who may take
    the next step, `owner` the likeliest.
    """
    blocks: list[Block] = [
        section(f"✓ Done: *{plain(account)}* · {plain(title)}"),
        form_parts.radio_input("went", "How did it go?", RESULT_CHOICES),
        form_parts.text_input("note", "Notes", optional=True, multiline=True, focus=not whole),
    ]
    more = actions(button(MORE_LABEL, "more:done", "more"))
    blocks += _more_inputs(owners, owner) if whole else [more]
    ids = {"touchpoint": touchpoint_id, "channel": channel}
    return form_parts.form("done", "Done", "Save", blocks, ids, close="Skip")


def _more_inputs(owners: Sequence[tuple[str, str]], owner: str) -> list[Block]:
    """The inputs behind "More…"."""
    return [
        form_parts.text_input(
            "value",
            "What did they get?",
            placeholder="Two days a month saved by the new export, worth 12000 EUR",
            optional=True,
            most=MAX_VALUE_LENGTH,
        ),
        form_parts.radio_input("says", "Status", CONFIRMATION_CHOICES),
        form_parts.text_input(
            "promise",
            "What did we promise them?",
            placeholder="SSO for all their users",
            optional=True,
            most=LONGEST_PROMISE,
        ),
        form_parts.date_input("promise_on", "Promised by", optional=True, hint=PROMISE_HINT),
        form_parts.text_input(
            "step", "Next step", placeholder="Send them the numbers", optional=True
        ),
        form_parts.date_input("step_on", "Next step on", optional=True, hint=STEP_HINT),
        form_parts.select_input("step_owner", "Owner", owners, owner),
    ]


def step_planned(account: str, step: str, owner: str, due_at: datetime) -> Message:
    """What is said when Done's form named a next step with a day."""
    return text_message(f"Planned: *{plain(account)}* · {plain(step)}: {owner}, due {on(due_at)}")


def skip(touchpoint_id: int, account: str, title: str, channel: str) -> View:
    blocks: list[Block] = [
        section(f"*{plain(account)}* · {plain(title)}"),
        form_parts.radio_input("why", "Why?", SKIP_REASONS),
        form_parts.text_input("note", "In your own words", optional=True, most=MAX_REASON_LENGTH),
        context("Everyone who sees the nudge sees the reason."),
    ]
    ids = {"touchpoint": touchpoint_id, "channel": channel}
    return form_parts.form("skip", "Skip a touchpoint", "Skip", blocks, ids)


def snooze(
    touchpoint_id: int, account: str, title: str, choices: Sequence[tuple[str, str]], channel: str
) -> View:
    """`choices` are (value, label) of the times to come back, the likeliest first or second."""
    likeliest = next((value for value, _ in choices if value != "later"), None)
    blocks: list[Block] = [
        section(f"*{plain(account)}* · {plain(title)}"),
        form_parts.radio_input("until", "Until", choices, likeliest, optional=False),
        form_parts.date_input("day", "Or another day (used instead)", optional=True),
        context("It comes back when that working day begins."),
    ]
    ids = {"touchpoint": touchpoint_id, "channel": channel}
    return form_parts.form("snooze", "Snooze a touchpoint", "Snooze", blocks, ids)
