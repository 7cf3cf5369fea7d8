"""Amounts as people type and read them: "12000 EUR", "€12k", "1.5m USD", "12.000,50 EUR".

An amount is a whole number of hundredths and a currency: nothing is rounded, and two currencies
are never added up. The codes are those of ISO 4217 that are money people pay with.
"""

import re
from decimal import Decimal
from typing import Final, NamedTuple

CODES: Final = frozenset(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP "
    "BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP "
    "GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR "
    "KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK "
    "MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR "
    "SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS "
    "UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG".split()
)
_SIGNS: Final = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR"}
_WORDS: Final = {
    "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "pound": "GBP",
    "pounds": "GBP",
}  # fmt: skip
_TIMES: Final = {
    "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6, "bn": 10**9,
    "billion": 10**9,
}  # fmt: skip
_AMOUNT: Final = re.compile(
    r"(?P<before>[€$£¥₹]|[A-Za-z]{3}(?=[ \d]))? ?"
    r"(?P<number>\d[\d.,' \u00a0\u202f]*?) ?"
    r"(?P<times>k|thousand|mn|million|m|bn|billion)?\b ?"
    r"(?P<after>[€$£¥₹]|[A-Za-z]{3,7})?",
    re.IGNORECASE,
)
#: 1.200.000,50 and 12,000; but 0.500 is no thousand.
_GROUPED: Final = re.compile(
    r"(?P<whole>[1-9]\d{0,2}(?P<sign>[.,])\d{3}(?:(?P=sign)\d{3})*)(?P<part>(?!(?P=sign))[.,]\d+)?"
)
_PLAIN: Final = re.compile(r"\d+(?:[.,]\d+)?")
#: A hundred billion; more is a typing mistake.
MAX_HUNDREDTHS: Final = 10**13


class Money(NamedTuple):
    """An amount: 1250 hundredths of EUR are 12.50 EUR. `currency` is None where none was typed."""

    hundredths: int
    currency: str | None


def parse_money(words: str) -> Money | None:
    """The amount that `words` are, all of them; None when they are something else.

    ValueError with one sentence for zero and for an amount over `MAX_HUNDREDTHS`.
    """
    match = _AMOUNT.fullmatch(words.strip())
    if match is None:
        return None
    currency = _parse_currency(match["before"]) or _parse_currency(match["after"])
    if currency is None and (match["before"] or match["after"]):
        return None
    number = _parse_number(match["number"], bool(match["times"]))
    if number is None:
        return None
    hundredths = int(number * _TIMES.get((match["times"] or "").casefold(), 1) * 100)
    if not 0 < hundredths <= MAX_HUNDREDTHS:
        raise ValueError(f'"{words.strip()}" is no amount that can be meant.')
    return Money(hundredths, currency)


def check_currency(code: str) -> str:
    """`code` as ISO 4217 writes it; ValueError for one it does not have."""
    if code.upper() not in CODES:
        raise ValueError(f'no currency "{code}", write a code like "EUR" or "USD".')
    return code.upper()


def format_money(hundredths: int, currency: str) -> str:
    """`12,000 EUR`, `12.50 EUR`."""
    whole, part = divmod(hundredths, 100)
    cents = f".{part:02}" if part else ""
    return f"{whole:,}{cents} {currency}"


def _parse_currency(word: str | None) -> str | None:
    if not word:
        return None
    known = _SIGNS.get(word) or _WORDS.get(word.casefold())
    return known or (word.upper() if word.upper() in CODES else None)


def _parse_number(written: str, is_short: bool) -> Decimal | None:
    """The number: 12,000 and 12.000 are twelve thousand, 12.5 and 12,50 have a fraction.

    Before a k or m a single sign is always a fraction: 1.250m.
    """
    bare = re.sub(r"[' \u00a0\u202f]", "", written.strip())
    grouped = _GROUPED.fullmatch(bare)
    if grouped and not (is_short and len(re.findall("[.,]", bare)) == 1):
        return Decimal(
            re.sub("[.,]", "", grouped["whole"]) + (grouped["part"] or "").replace(",", ".")
        )
    return Decimal(bare.replace(",", ".")) if _PLAIN.fullmatch(bare) else None
