"""Amounts a year as exports write them."""

import re
from typing import Final

from bot.rules.text.money import Money, parse_money

_MONTHLY: Final = re.compile(r"mrr|month", re.IGNORECASE)
_NOTHING: Final = re.compile(r"[^1-9]*")


def read_amount(cell: str, unit: str, heading: str, currency: str | None) -> Money | None:
    """The yearly amount of a cell; None for an empty one, for zero and for words without a number.
    `unit` is the cell of a currency column, `heading` tells an amount a month. One without any
    currency is in `currency`, which may be none too. ValueError with one sentence for another."""
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
