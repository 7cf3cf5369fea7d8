"""What is said on the last working day of a week about what was done and not written down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.messages.kit.blocks import button, compose, section
from bot.messages.kit.message import Message
from bot.messages.kit.text import limit_names, plain

MAX_NAMES = 10


def week_question(accounts: Sequence[str], done: int, day: date) -> Message:
    """Names the accounts of the touchpoints that have no answer yet, once."""
    names = limit_names([plain(name) for name in accounts], MAX_NAMES)
    have = "has" if len(accounts) == 1 else "have"
    head = f"*{len(accounts):,} of your {done:,} done this week {have} no answer yet*"
    add = button("Add answers…", "answers:week", day.isoformat())
    return compose(section(f"{head}\n{names}", add))
