"""Who took part in an account, and which department has been silent."""

import calendar
from collections.abc import Sequence

from bot.messages.kit.blocks import compose, context
from bot.messages.kit.message import Message
from bot.messages.kit.text import plain


def months(account: str, rows: Sequence[tuple[tuple[int, int], str]]) -> Message:
    """A line a month, the newest first."""
    head = f"*{plain(account)}*: our involvement by month"
    lines = [f"• {calendar.month_name[month]} {year}: {counts}" for (year, month), counts in rows]
    body = "\n".join(lines) or "None recorded in the last six months."
    hint = "Touchpoints done and interactions logged, by department."
    return compose(head, body, context(hint))
