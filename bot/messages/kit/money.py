"""What is at stake where a renewal is named."""

from datetime import date

from bot.messages.kit.text import day
from bot.rules.text.money import Money, format_yearly


def stake(worth: Money | None, joint: str = ", ") -> str:
    """ ", EUR 42,000 a year", to follow a renewal; "" where the amount is not known."""
    return f"{joint}{format_yearly(worth)}" if worth else ""


def renewal(on: date, today: date, worth: Money | None) -> str:
    """ "renews Tue 23 Nov, EUR 42,000 a year"."""
    return f"renews {day(on, today)}{stake(worth)}"
