"""What people type after `/value acme`: what they got, what it is worth, who says so."""

import re
from dataclasses import dataclass
from typing import Final

from bot.rules.text.money import CODES, Money, find_money, parse_money

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
    r"(?:^|[\s,;(–-]+)worth (?:about |around |some |roughly |~ ?)?"
    r"(?P<amount>[^()]{1,40}?)\)?[.,!]?$",
    re.IGNORECASE,
)
_BEFORE_AMOUNT: Final = re.compile(r"[\s,;:(–-]*(?:\bworth(?: about| around)?\s*)?$", re.IGNORECASE)
_UNREAD: Final = re.compile(r"\bworth (?P<amount>[^a-z]{0,3}\d.*)", re.IGNORECASE)


@dataclass(frozen=True)
class ValueText:
    """What a customer got; `who` of them said so, when we know it. `amounts` are those that the
    text may mean, to be read back before one counts; `unread` is what looks like an amount and is
    none that can be read."""

    text: str
    worth: Money | None = None
    is_confirmed: bool = False
    who: str | None = None
    amounts: tuple[Money, ...] = ()
    unread: str = ""


def read_value(words: str, currency: str | None) -> ValueText:
    """Reads `TEXT [worth AMOUNT] [they said so]`, the last two in any order. An amount without a
    currency is in `currency`, if there is one. ValueError with a sentence for an amount that nobody
    can mean."""
    text, confirmed, who = _split_confirmation(words.strip())
    text, worth = _split_worth(text, currency)
    if not confirmed:
        text, confirmed, who = _split_confirmation(text)
    if worth and worth.currency:
        return ValueText(text, worth, confirmed, who)
    amounts, unread = _amounts_in(words if worth else text, currency)
    return ValueText(text, worth, confirmed, who, amounts, unread)


def _amounts_in(text: str, currency: str | None) -> tuple[tuple[Money, ...], str]:
    """The amounts that a text names, each once, and the words of the first that is unclear."""
    found = find_money(text, currency)
    clear = [each.money for each in found if each.money and each.money.currency]
    unclear = [each.words for each in found if each.money is None or not each.money.currency]
    if not found and (match := _UNREAD.search(text)):
        unclear = [match["amount"]]
    return tuple(dict.fromkeys(clear)), unclear[0] if unclear else ""


def without_amount(text: str, worth: Money) -> str:
    """A text without the amount that it ends in, when that is what counts and words are left."""
    found = find_money(text, worth.currency)
    if not found or found[-1].money != worth or text[found[-1].end :].strip(" .)!"):
        return text
    return _BEFORE_AMOUNT.sub("", text[: found[-1].start]) or text


def _split_confirmation(text: str) -> tuple[str, bool, str | None]:
    match = _SAID_SO.search(text) or _CONFIRMED.search(text)
    if match is None:
        return text, False, None
    who = match["who"]
    named = who.strip() if who and who.strip().casefold() not in _THEMSELVES else None
    return text[: match.start()], True, named


def _split_worth(text: str, currency: str | None) -> tuple[str, Money | None]:
    match = _WORTH.search(text)
    worth = parse_money(match["amount"], currency) if match else None
    return (text[: match.start()], worth) if match and worth else (text, None)
