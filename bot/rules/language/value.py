"""What people type after `/value acme`: what they got, what it is worth, who says so."""

import re
from dataclasses import dataclass
from typing import Final

from bot.rules.text.money import CODES, Money, parse_money

# "… worth 12000 EUR Jane Doe said so": the currency is no name of hers.
_NAME: Final = rf"(?!(?:{'|'.join(CODES)})\b)[A-Z][\w.’'-]*"
_WHO: Final = rf"(?:(?:their|the) [\w’'-]+(?: [\w’'-]+)?|{_NAME}(?: {_NAME}){{0,3}})"
_SAID_SO: Final = re.compile(
    rf"[\s,;.(–-]+(?:(?i:they|he|she)|(?P<who>{_WHO})) (?i:said|say|says|told us) so\)?[.!]?$"
)
_CONFIRMED: Final = re.compile(
    r"[\s,;.(–-]+confirmed(?: by (?P<who>[^,;()]{1,100}?))?\)?[.!]?$", re.IGNORECASE
)
_THEMSELVES: Final = frozenset({"them", "they", "the customer", "customer"})
_WORTH: Final = re.compile(
    r"(?:^|[\s,;(–-]+)worth (?:about |around |some |roughly |~ ?)?(?P<amount>[^()]{1,40}?)"
    r"(?: (?:a|per) year| yearly| p\.a\.)?\)?[.,!]?$",
    re.IGNORECASE,
)
_UNREAD: Final = re.compile(r"\bworth [^a-z]{0,3}\d", re.IGNORECASE)


@dataclass(frozen=True)
class ValueText:
    """What a customer got; `who` of them said so, when we know it. `unread` tells that something
    that looks like an amount stayed in the text."""

    text: str
    worth: Money | None = None
    is_confirmed: bool = False
    who: str | None = None
    unread: bool = False


def read_value(words: str, currency: str | None) -> ValueText:
    """Reads `TEXT [worth AMOUNT] [they said so]`, the last two in any order.

    An amount without a currency is in `currency`, if there is one. ValueError with a sentence for
    an amount that nobody can mean.
    """
    text, confirmed, who = _split_confirmation(words.strip())
    text, worth = _split_worth(text)
    if not confirmed:
        text, confirmed, who = _split_confirmation(text)
    if worth is not None and worth.currency is None:
        worth = worth._replace(currency=currency)
    return ValueText(text, worth, confirmed, who, worth is None and bool(_UNREAD.search(text)))


def _split_confirmation(text: str) -> tuple[str, bool, str | None]:
    match = _SAID_SO.search(text) or _CONFIRMED.search(text)
    if match is None:
        return text, False, None
    who = match["who"]
    named = who.strip() if who and who.strip().casefold() not in _THEMSELVES else None
    return text[: match.start()], True, named


def _split_worth(text: str) -> tuple[str, Money | None]:
    match = _WORTH.search(text)
    worth = parse_money(match["amount"]) if match else None
    return (text[: match.start()], worth) if match and worth else (text, None)
