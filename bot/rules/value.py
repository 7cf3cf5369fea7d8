"""What a term gave the customer, in money where all of it is in one currency. Otherwise the
number of entries counts: amounts of several currencies are never added up."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class ValueTally(NamedTuple):
    """Entries of one term, currency and confirmation; `currency` is None without an amount."""

    term: int
    is_confirmed: bool
    currency: str | None
    entries: int
    hundredths: int


@dataclass(frozen=True)
class TermValue:
    """What a term gave: hundredths of `currency`, or entries where that is None."""

    term: int
    currency: str | None
    confirmed: int
    claimed: int

    @property
    def total(self) -> int:
        return self.confirmed + self.claimed


def common_currency(tallies: Iterable[ValueTally]) -> str | None:
    """The currency that every entry is in; None when they differ, or some have no amount."""
    currencies = {tally.currency for tally in tallies}
    return currencies.pop() if len(currencies) == 1 else None


def measure_terms(tallies: Iterable[ValueTally], terms: Iterable[int]) -> list[TermValue]:
    """What each of the terms gave, all counted in the same way."""
    wanted = list(terms)
    counted = [tally for tally in tallies if tally.term in wanted]
    currency = common_currency(counted)

    def count(term: int, is_confirmed: bool) -> int:
        return sum(
            tally.hundredths if currency else tally.entries
            for tally in counted
            if tally.term == term and tally.is_confirmed == is_confirmed
        )

    return [TermValue(term, currency, count(term, True), count(term, False)) for term in wanted]


def has_grown(tallies: Iterable[ValueTally], term: int) -> bool:
    """Whether a term has more confirmed value than the one before; before the first was none."""
    last, this = measure_terms(tallies, (term - 1, term))
    return this.confirmed > last.confirmed
