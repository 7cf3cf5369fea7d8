"""All that a touchpoint asks for, behind "Details"."""

from __future__ import annotations

from slack_sdk.models.views import View

from bot.messages.kit.blocks import actions, button, compose, context
from bot.messages.kit.form_parts import form
from bot.messages.kit.text import join_lines, plain
from bot.messages.touchpoints.nudge import Nudge
from bot.rules.answers import QUESTIONS


def details(nudge: Nudge, account_id: int, standing: str) -> View:
    """The whole ask, what it is for and what to write down; `standing` says whose it is, and by
    when."""
    write = f"*Write down:* {QUESTIONS[nudge.records].write_down}" if nudge.records else ""
    decision = f'*They decide:* "{plain(nudge.decision)}"' if nudge.decision else ""
    shown = compose(
        join_lines(f"*{plain(nudge.account)}* · {plain(nudge.title)}", nudge.task),
        join_lines(decision, plain(nudge.helps), write),
        context(standing),
        actions(button("Open account", "command:card", f"/account id:{account_id}")),
    )
    return form("details", "Details", None, shown.blocks, {}, close="Close")
