"""Amounts a year as exports write them."""

import re
from typing import Final

from bot.rules.text.money import Money, parse_money

_MONTHLY: Final = re.compile(r"mrr|month", re.IGNORECASE)
_NOTHING: Final = re.compile(r"[^1-9]*")


def read_amount(cell: str, unit: str, heading: str, currency: str | None) -> Money | None:
    """The yearly amount of a cell, in the currency of `unit` or else in `currency`; None for
    none, zero and words. `heading` tells an amount a month. ValueError with one sentence."""
    if _NOTHING.fullmatch(cell):
        return None
    named = parse_money(f"1 {unit}") if unit else None
    try:
        money = parse_money(cell, (named.currency if named else None) or currency)
    except ValueError:
        money = None
    if money is None:
        raise ValueError(f'"{cell}" is no amount: write it like 12000 or 12000 EUR')
    times = 12 if _MONTHLY.search(heading) else 1
    return money._replace(hundredths=money.hundredths * times)
