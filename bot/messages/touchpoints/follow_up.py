"""What follows a nudge that nobody takes: the escalation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.messages.kit.blocks import actions, context, divider, section
from bot.messages.kit.message import Message
from bot.messages.kit.text import on, unstyled, unstyled_list
from bot.messages.touchpoints.nudge import (
    MAX_GROUPED,
    Nudge,
    closed_nudge,
    nudge_buttons,
    nudge_row,
    row_text,
    status_line,
)
from bot.rules.text.words import plural


def _end_sentence(words: str) -> str:
    """A sentence of somebody's words: a title may be a question."""
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def escalation(nudges: Sequence[Nudge], owner: str, since: datetime) -> Message:
    """Goes to the manager or the lead when nudges stay unanswered, and follows what becomes of
    them."""
    if len(nudges) > 1:
        return _grouped_escalation(nudges, owner, since)
    nudge = nudges[0]
    if not nudge.is_open:
        return closed_nudge(nudge)
    waited = (
        f"{status_line(nudge)}."
        if nudge.state == "claimed"
        else f"It has waited with {owner} since {on(since)}, and nobody has taken it."
    )
    text = f"{_end_sentence(nudge.what)} {waited} {nudge.task} {nudge.why}"
    head = section(f"{nudge.what}\n{waited}\n{nudge.task}")
    return Message(unstyled(text), (head, context(nudge.why), actions(*nudge_buttons(nudge))))


def escalation_line(nudge: Nudge, owner: str) -> str:
    """One of them as a line of the reader's morning."""
    return f"{nudge.what} · {nudge.due} · unclaimed, with {owner}"


def _grouped_escalation(nudges: Sequence[Nudge], owner: str, since: datetime) -> Message:
    waiting = [nudge for nudge in nudges if nudge.state == "nudged"]
    head = (
        f"*{plural(len(nudges), 'touchpoint')}* waited with {owner}, the first since "
        f"{on(since)}, and nobody had taken them. "
    ) + (f"{len(waiting)} still open." if waiting else "All are looked after now, thank you.")
    shown = sorted(nudges, key=lambda nudge: not nudge.is_open)[:MAX_GROUPED]
    more = len(nudges) - len(shown)
    rest = f"… and {more} more: `/next` with the department lists them all." if more else ""
    blocks = (section(head), divider(), *map(nudge_row, shown), *([context(rest)] if rest else []))
    return Message(unstyled_list(head, map(row_text, shown), rest, "; "), blocks)
