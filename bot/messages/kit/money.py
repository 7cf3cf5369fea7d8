"""What is at stake where a renewal is named, of one account or added up."""

from collections.abc import Iterable
from datetime import date

from bot.messages.kit.text import day, join_words
from bot.rules.text.money import Money, format_money, format_yearly


def stake(worth: Money | None, joint: str = ", ") -> str:
    """ ", EUR 42,000 a year", to follow a renewal; "" where the amount is not known."""
    return f"{joint}{format_yearly(worth)}" if worth else ""


def renewal(on: date, today: date, worth: Money | None) -> str:
    """ "renews Tue 23 Nov, EUR 42,000 a year"."""
    return f"renews {day(on, today)}{stake(worth)}"


def amount(worth: Money | None) -> str:
    """ "EUR 9,600"; "" where it is not known."""
    return format_money(worth.hundredths, worth.currency or "").strip() if worth else ""


def sums(worths: Iterable[Money | None], main: str | None) -> dict[str, int]:
    """Currency -> hundredths: nothing is added up across currencies, the main one is first."""
    added: dict[str, int] = {}
    for worth in worths:
        if worth is not None:
            code = worth.currency or ""
            added[code] = added.get(code, 0) + worth.hundredths
    return {code: added[code] for code in sorted(added, key=lambda code: (code != main, code))}


def sums_text(worths: Iterable[Money | None], main: str | None) -> str:
    """ "EUR 42,000 and GBP 3,000"."""
    added = sums(worths, main)
    return join_words([format_money(added[code], code).strip() for code in added])
