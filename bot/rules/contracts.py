"""What a customer's contracts add up to, and which of them is the main one."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from bot.rules.text.money import Money


class ContractLine(NamedTuple):
    """A line of what a customer pays, a year."""

    name: str
    worth: Money | None
    renews_on: date | None
    is_main: bool = False
    external_id: str | None = None


def main_of(lines: Sequence[ContractLine], currency: str | None, today: date) -> int | None:
    """Which line gives the account its renewal date: the marked one, else the largest in the
    main `currency`, else the earliest to come, else the last that was."""

    counting = _counting_currency((line.worth for line in lines), currency)

    def rank(place: int) -> tuple[bool, int, bool, int]:
        line = lines[place]
        size = line.worth.hundredths if line.worth and line.worth.currency == counting else 0
        days = (line.renews_on - today).days if line.renews_on else -1_000_000
        return line.is_main, size, days >= 0, -days if days >= 0 else days

    return max(range(len(lines)), key=rank, default=None)


def add_up(amounts: Iterable[Money | None], currency: str | None) -> Money | None:
    """The sum in the main `currency`, or in the only one there is; None if nothing is known."""
    known = [money for money in amounts if money is not None]
    counting = _counting_currency(known, currency)
    theirs = [money.hundredths for money in known if money.currency == counting]
    return Money(sum(theirs), counting) if theirs else None


def at_stake(lines: Iterable[ContractLine], on: date, currency: str | None) -> Money | None:
    """What renews on the account's date: a line without a date of its own does then."""
    return add_up((line.worth for line in lines if line.renews_on in (None, on)), currency)


def _counting_currency(amounts: Iterable[Money | None], currency: str | None) -> str | None:
    theirs = {money.currency for money in amounts if money is not None}
    return theirs.pop() if len(theirs) == 1 else currency
