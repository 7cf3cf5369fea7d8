"""Which won deals an account pays for: the last renewal, and the add-ons since."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
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
#: A won deal that comes so long after the last contract begins a term, whatever it is worth.
_NEARLY_A_YEAR: Final = timedelta(days=300)
_YEAR: Final = timedelta(days=365)
_HALF_A_TERM: Final = timedelta(days=150)
#: With so many deals a year that may be either, an account orders; these are no contracts.
_MANY_ORDERS: Final = 3
#: Before the id of a deal, in the external id of its contract.
DEAL_PREFIX: Final = "deal:"


@dataclass
class PaidDeals:
    """The won deals that an account pays for, and those that may be a renewal or an add-on."""

    base: Deal | None = None  # the last contract
    running: list[Deal] = field(default_factory=list)
    add_ons: set[str] = field(default_factory=set)  # ids, those that a renewal has ended too
    unclear: list[Deal] = field(default_factory=list)  # since that contract
    in_term: set[str] = field(default_factory=set)  # ids of unclear ones that begin no term
    orders: bool = False

    def won_as(self, deal: Deal) -> str:
        """The word for a won deal in its story's id: only "won" may begin a term."""
        if deal.id in self.add_ons:
            return "add-on"
        return "unclear" if deal.id in self.in_term else "won"

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
            result.base, result.running, result.unclear = deal, [deal], []
        elif kind == "add-on":
            result.running.append(deal)
            result.add_ons.add(deal.id)
        else:
            result.unclear.append(deal)
            if result.base and deal.newest - result.base.newest < _NEARLY_A_YEAR:
                result.in_term.add(deal.id)
            lately = [one for one in result.unclear if deal.newest - one.newest < _YEAR]
            result.orders |= len(lately) >= _MANY_ORDERS
    return result


def _kind_of(deal: Deal, base: Deal | None) -> Kind:
    words = normalise(f"{deal.type} {deal.title} {deal.step}")
    if _ADD_ON.search(words):
        return "add-on"
    if base is None or _RENEWAL.search(words):
        return "renewal"
    known = (deal.title, base.title), (deal.worth, base.worth)
    is_same = any(mine and mine == theirs for mine, theirs in known)
    return "renewal" if is_same and deal.newest - base.newest >= _HALF_A_TERM else "unclear"
