"""Amounts as people type and read them, "12000 EUR", "US$ 12k a month": a whole number of
hundredths a year and a currency. Two currencies are never added up."""

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
#: What people write for a currency. Several countries have a krone: it is asked which, unless the
#: workspace's own currency is one of theirs.
_NAMES: Final = {
    "€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "us$": "USD", "c$": "CAD",
    "ca$": "CAD", "a$": "AUD", "au$": "AUD", "nz$": "NZD", "s$": "SGD", "hk$": "HKD", "r$": "BRL",
    "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "pound": "GBP",
    "pounds": "GBP", "rs": "INR", "fr.": "CHF", "sfr": "CHF", "zł": "PLN", "kr": "", "kr.": "",
}  # fmt: skip
_KRONER: Final = ("DKK", "NOK", "SEK", "ISK")
_TIMES: Final = {
    "k": 10**3, "thousand": 10**3, "lakh": 10**5, "lakhs": 10**5, "m": 10**6, "mn": 10**6,
    "mio": 10**6, "million": 10**6, "crore": 10**7, "cr": 10**7, "bn": 10**9, "billion": 10**9,
    "tsd": 10**3, "mrd": 10**9,
}  # fmt: skip
_A_YEAR: Final = {
    "year": 1, "yr": 1, "annum": 1, "yearly": 1, "annually": 1, "pa": 1, "quarter": 4,
    "quarterly": 4, "month": 12, "mo": 12, "monthly": 12, "week": 52, "weekly": 52,
}  # fmt: skip
#: In a sentence these codes count in small letters too; "all" and "try" are no currencies there.
_USUAL: Final = "eur usd gbp chf cad aud sek nok dkk pln inr jpy".split()
_GROUP: Final = r"[.,'’ \u00a0\u202f]"


def _amount_pattern(codes: str) -> re.Pattern[str]:
    names, times = (
        "|".join(map(re.escape, sorted(known, key=len, reverse=True))) for known in (_NAMES, _TIMES)
    )
    currency = rf"(?:(?i:{names})|{codes})"
    number = (
        rf"(?:\d{{1,3}}(?:{_GROUP}\d{{3}})+(?:[.,]\d+)?|\d{{1,2}}(?:,\d\d)+,\d{{3}}|\d+(?:[.,]\d+)?)"
        r"(?![\d]|[.,]\d)"
    )
    every = "|".join(key for key in _A_YEAR if not key.endswith(("ly", "pa")))
    return re.compile(
        rf"(?<![\w.,$€£])(?P<range>\d[\d.,]*k?[ \u00a0]?[-–][ \u00a0]?)?"
        rf"(?!20\d\d[ ]{currency}[ ]?\d)"  # "in 2027 EUR 20k"
        rf"(?:(?P<before>{currency})[ \u00a0]?)?(?P<number>{number})(?:[.,][-–—])?"
        rf"(?:[ \u00a0]?(?i:(?P<times>{times})\b(?:(?<=mio|tsd|mrd)\.)?))?"
        rf"(?:[ \u00a0]?(?P<after>{currency})(?!\w))?"
        rf"(?:(?:[ ]?/[ ]?|[ ](?i:a|per|each|every)[ ])(?i:(?P<every>{every}))\b"
        r"|[ ](?i:(?P<often>yearly|annually|quarterly|monthly|weekly|p\.?a\b\.?))"
        r"|(?P<each>[ ]?/[ ]?\w+|[ ](?i:a|an|per|each)[ ]\w+))?"
    )


_TYPED: Final = _amount_pattern(rf"(?i:{'|'.join(sorted(CODES))})")
_IN_TEXT: Final = _amount_pattern(
    rf"(?:(?i:{'|'.join(_USUAL)})|{'|'.join(sorted(CODES - {'ALL', 'TRY', 'TOP'}))})"
)
#: What may follow "40k" where it is an amount: "40k users" are none, nor is "a 2 m cable".
_AFTER_BARE: Final = re.compile(
    r"(?!\s*[^\W_])|\s*(?:a|an|and|or|but|per|for|from|to|in|on|at|by|with|over|until|because|since|if|"
    r"so|as|now|today|then|they|we|is|was|this|next|last|instead|more|less|extra|off|arr|mrr|acv|"
    r"tcv|deal|contract|renewal|upsell|upgrade|expansion|uplift|discount|budget|value|worth|total|"
    r"they|said|says|confirmed|please|owner)\b",
    re.IGNORECASE,
)
#: A hundred billion; more is a typing mistake.
MAX_HUNDREDTHS: Final = 10**13


class Money(NamedTuple):
    """An amount: 1250 hundredths of EUR are 12.50 EUR. `currency` is None where none was typed."""

    hundredths: int
    currency: str | None


class Found(NamedTuple):
    """An amount in a sentence, as it stands there; `money` is None where it cannot be read."""

    words: str
    money: Money | None
    start: int
    end: int


def parse_money(words: str, currency: str | None = None) -> Money | None:
    """The yearly amount that `words` are, in `currency` if they name none; None when they are
    something else. ValueError with a sentence for zero, and for more than anybody can mean."""
    match = _TYPED.fullmatch(words.strip())
    return _read(match, currency) if match else None


def find_money(text: str, currency: str | None = None) -> list[Found]:
    """The amounts in a sentence: numbers with a currency, with a k or m, or thousands a year."""
    found = []
    for match in _IN_TEXT.finditer(text):
        if not _is_amount(match):
            continue
        try:
            money = _read(match, currency)
        except ValueError:
            money = None
        found.append(
            Found(match[0].strip(), money, match.start(), match.start() + len(match[0].rstrip()))
        )
    return found


def _is_amount(match: re.Match[str]) -> bool:
    """Whether a number is money and no count, length or year."""
    if match["before"] or match["after"]:
        return True
    if not match["times"]:
        is_yearly = match["every"] or match["often"]
        return bool(is_yearly and re.search(r"\d[.,'’]\d{3}$", match["number"]))
    is_length = (
        match["times"].casefold() == "m" and match["number"] + match["times"] not in match[0]
    )
    return not is_length and bool(_AFTER_BARE.match(match.string, match.end()))


def format_yearly(money: Money) -> str:
    """`EUR 12,000 a year`, to be read back; the currency may be missing."""
    return f"{format_money(money.hundredths, money.currency or '').strip()} a year"


def check_currency(code: str) -> str:
    """`code` as ISO 4217 writes it; ValueError for one it does not have."""
    if code.upper() not in CODES:
        raise ValueError(f'no currency "{code}", write a code like "EUR" or "USD".')
    return code.upper()


def format_money(hundredths: int, currency: str) -> str:
    """`EUR 12,000`, `EUR 12.50`."""
    whole, part = divmod(hundredths, 100)
    cents = f".{part:02}" if part else ""
    return f"{currency} {whole:,}{cents}"


def _read(match: re.Match[str], currency: str | None) -> Money | None:
    """None for a range and for an amount a day or a head; ValueError when nobody can mean it."""
    if match["range"] or match["each"] or (match["before"] and match["after"]):
        return None
    number = _parse_number(match["number"], bool(match["times"]))
    often = (match["every"] or match["often"] or "year").casefold().replace(".", "")
    times = _TIMES.get((match["times"] or "").casefold(), 1) * _A_YEAR[often]
    hundredths = int(number * times * 100)
    if not 0 < hundredths <= MAX_HUNDREDTHS:
        raise ValueError(f'"{match[0].strip()}" is no amount that can be meant.')
    return Money(hundredths, _parse_currency(match["before"] or match["after"], currency))


def _parse_currency(word: str | None, currency: str | None) -> str | None:
    if not word:
        return currency
    code = _NAMES.get(word.casefold(), word.upper())
    return code or (currency if currency in _KRONER else None)


def _parse_number(written: str, is_short: bool) -> Decimal:
    """12,000 and 12.000 are twelve thousand, 12.5 and 12,50 have a fraction, as has 1.250m."""
    bare = re.sub(r"['’ \u00a0\u202f]", "", written)
    whole, sign, part = bare, "", ""
    signs = re.findall("[.,]", bare)
    if len(set(signs)) == 2 or len(signs) == 1:
        whole, sign, part = bare.rpartition(signs[-1])
    is_thousand = len(part) == 3 and len(whole) <= 3 and whole[0] != "0" and not is_short
    if len(signs) == 1 and is_thousand:
        whole, sign, part = bare, "", ""
    return Decimal(re.sub("[.,]", "", whole) + (f".{part}" if sign else ""))
