"""The forms behind a nudge's Skip, Snooze and Details."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.messages.kit import form_parts
from bot.messages.kit.blocks import actions, button, compose, context, section
from bot.messages.kit.form_parts import form
from bot.messages.kit.text import join_lines, plain
from bot.messages.touchpoints.nudge import Nudge

# (what is remembered, what is shown)
SKIP_REASONS = (
    ("done in another way", "It was done in another way"),
    ("not the right moment", "It is not the right moment"),
    ("does not fit this account", "It does not fit this account"),
    ("they asked us not to", "They asked us not to"),
)
# What stands on the nudge afterwards; a longer story belongs into /log.
MAX_REASON_LENGTH = 500


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


def details(nudge: Nudge, account_id: int, standing: str) -> View:
    """The whole ask, what it is for, what to write down, whose it is and by when."""
    shown = compose(
        join_lines(f"*{plain(nudge.account)}* · {plain(nudge.title)}", nudge.task),
        join_lines(nudge.they_decide, plain(nudge.helps), nudge.write_down),
        context(standing),
        actions(button("Open account", "command:card", f"/account id:{account_id}")),
    )
    return form("details", "Details", None, shown.blocks, {}, close="Close")
