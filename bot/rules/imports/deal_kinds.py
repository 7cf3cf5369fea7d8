"""Which won deals an account pays for: the last renewal, and the add-ons since."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Final, Literal

from bot.rules.contracts import ContractLine
from bot.rules.imports.deals import Deal
from bot.rules.imports.stages import normalise

Kind = Literal["renewal", "add-on", "unclear"]

_ADD_ON: Final = re.compile(
    r"\b(?:add ?on|up ?sell|cross ?sell|expansion|additional|extra|more (?:seats|licen[cs]es|users)"
    r"|upgrade|erweiterung)\b"
)
_RENEWAL: Final = re.compile(
    r"\b(?:renewal|renew|renewed|verlängerung|renouvellement|renovación)\b"
)
#: A won deal that comes so long after the last contract renews it; after a shorter time it may be
#: either, unless it is of the same amount.
_NEARLY_A_YEAR: Final = timedelta(days=300)
_HALF_A_TERM: Final = timedelta(days=150)
#: With so many deals that may be either, an account orders; these are no contracts.
_MANY_ORDERS: Final = 3
#: Before the id of a deal, in the external id of its contract.
DEAL_PREFIX: Final = "deal:"


@dataclass
class PaidDeals:
    """The won deals that an account pays for, and those that may be a renewal or an add-on."""

    base: Deal | None = None
    running: list[Deal] = field(default_factory=list)
    add_ons: set[str] = field(default_factory=set)  # ids, those that a renewal has ended too
    unclear: list[Deal] = field(default_factory=list)
    orders: bool = False

    @cached_property
    def unclear_ids(self) -> set[str]:
        return {deal.id for deal in self.unclear}

    def won_as(self, deal: Deal) -> str:
        """The word for a won deal in its story's id: only "won" may begin a term."""
        if deal.id in self.add_ons:
            return "add-on"
        return "unclear" if deal.id in self.unclear_ids else "won"

    def lines(self) -> tuple[ContractLine, ...]:
        """The contracts that these deals are."""
        return tuple(
            ContractLine(
                name=deal.title or "Contract",
                worth=deal.worth,
                renews_on=None,
                external_id=f"{DEAL_PREFIX}{deal.id}",
            )
            for deal in self.running
        )


def paid_deals(deals: Sequence[Deal]) -> PaidDeals:
    """Sorts the won deals of one account. A renewal takes the place of all before it; a deal that
    may be either changes nothing."""
    result = PaidDeals()
    for deal in sorted(deals, key=lambda each: (each.newest, each.row)):
        if deal.outcome != "won":
            continue
        kind = _kind_of(deal, result.base)
        if kind == "renewal":
            result.base, result.running = deal, [deal]
        elif kind == "add-on":
            result.running.append(deal)
            result.add_ons.add(deal.id)
        else:
            result.unclear.append(deal)
    result.orders = len(result.unclear) >= _MANY_ORDERS
    return result


def _kind_of(deal: Deal, base: Deal | None) -> Kind:
    words = normalise(f"{deal.type} {deal.title} {deal.step}")
    if _ADD_ON.search(words):
        return "add-on"
    if base is None or _RENEWAL.search(words):
        return "renewal"
    since = deal.newest - base.newest
    is_same = deal.worth is not None and deal.worth == base.worth and since >= _HALF_A_TERM
    return "renewal" if since >= _NEARLY_A_YEAR or is_same else "unclear"
