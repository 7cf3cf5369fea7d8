"""The bytes of a file as text, in whichever encoding a program wrote them.

UTF-8 and UTF-16 prove themselves. Of the older encodings nearly every one decodes nearly every
file, so each is judged by whether people write like that. Files are short: statistics of a language
do not help, and a reading that another one equals is refused."""

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final

from bot.rules.errors import UserError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Of readings that are as good, the first counts among those of an alphabet.
_ALPHABETS: Final = ("cp1252", "mac_roman", "cp1254", "cp1250", "cp1251", "cp1253")
#: Encoding -> its plane of characters that every text is full of, by the first byte of each.
_IDEOGRAPHS: Final = {
    "cp932": ("euc_jp", range(0xA4, 0xD0)),
    "euc_jp": ("euc_jp", range(0xA4, 0xD0)),
    "gb18030": ("gb2312", range(0xB0, 0xD8)),
    "big5": ("big5", range(0xA4, 0xC7)),
    "cp949": ("euc_kr", range(0xB0, 0xC9)),
}
#: Signs that stand between or beside words; "Müller’s", "Acme®".
_SIGNS: Final = "’‘“”„‚–—…®™©«»·•°´€£§¿¡½¼¾²³±×÷№"
_WORD: Final = re.compile(rf"(?:[A-Za-z]|[^\x00-\x7f\s{_SIGNS}])+")
#: Signs where nobody writes them: inside a word, an amount's beside a letter, a quote before none.
_MISPLACED: Final = re.compile(
    r"[^\W\d_][“”„‚…®™©«»•´°€£§¿¡½¼¾²³±×÷№]+[^\W\d_]"
    r"|[^\W\d_][£§¿¡½¼¾±×÷]|[£§°½¼¾²³±×÷][^\W\d_]|[„‚¿¡](?![\w„‚¿¡])"
    r"|[^\W\d_a-zA-Z]\d"
)
_MAC_DASHES: Final = range(0xD0, 0xD6)
#: Letters that only printers use: where they stand, another encoding was meant.
_RARE: Final = frozenset("ﬁﬂƒªº")
_ICELANDIC: Final = frozenset("þÞðÐ")
_VOWELS: Final = frozenset("áéíóúæÁÉÍÓÚÆ")
_IN_A_ROW: Final = re.compile(r"[^\x00-\x7f]{3}")
_TOUCHED: Final = re.compile(r"[a-z][^\x00-\x7f]|[^\x00-\x7f][a-z]")
_COMMON_SHARE: Final = 0.8


def decode(data: bytes, source: str) -> str:
    """The text of the bytes; UserError when no encoding, or more than one, makes sense of them."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if (wide := _utf16(data)) is not None:
        return data.decode(wide, errors="replace")
    with suppress(UnicodeDecodeError):
        return data.decode("utf-8")
    if (old := _alphabet(data) or _ideographs(data)) is not None:
        return data.decode(old)
    raise UserError(
        f"I cannot tell which encoding {source} has, and its letters would come out wrong. Save it "
        "as CSV UTF-8 (in Excel: File, Save as) and import that file."
    )


def _utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of its commas and line ends is a zero."""
    head = data[:2_000]
    if len(head) < 4 or head.count(0) < len(head) / 8:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if not even or not odd or max(even, odd) > 9 * min(even, odd):
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def _alphabet(data: bytes) -> str | None:
    """The first encoding of one byte a letter in which every word is one that people write."""
    foreign = [byte for byte in data if byte > 0x7F and byte not in _MAC_DASHES]
    good = [name for name, text in _readings(data, _ALPHABETS) if not _has_rubble(text)]
    # Mac Roman has its letters where Windows has signs, and the other way round; where it is as
    # good as another alphabet, nobody can tell.
    if good[:1] == ["mac_roman"] and sum(byte < 0xA0 for byte in foreign) * 2 <= len(foreign):
        return None if good[1:] else "mac_roman"
    return good[0] if good else None


def _ideographs(data: bytes) -> str | None:
    """The East Asian encoding in which nearly all characters are common ones, if one is best."""
    shares: dict[str, tuple[float, str]] = {}
    for name, text in _readings(data, _IDEOGRAPHS):
        shares.setdefault(text, (_common_share(text, name), name))
    good = sorted((one for one in shares.values() if one[0] >= _COMMON_SHARE), reverse=True)
    return good[0][1] if good and (len(good) == 1 or good[0][0] > good[1][0]) else None


def _readings(data: bytes, encodings: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in encodings:
        try:
            yield name, data.decode(name)
        except UnicodeDecodeError:
            continue


def _has_rubble(text: str) -> bool:
    # Turkish letters, read as Western ones, look Icelandic, without that language's vowels.
    if not _ICELANDIC.isdisjoint(text) and _VOWELS.isdisjoint(text):
        return True
    words = {word for word in _WORD.findall(text) if not word.isascii()}
    return bool(_MISPLACED.search(text)) or any(map(_is_rubble, words))


def _is_rubble(word: str) -> bool:
    """Whether nobody writes such a word: signs, capitals or another script's letters inside, or
    accents in a row."""
    if not word.isalpha() or not _RARE.isdisjoint(word):
        return True
    scripts = {unicodedata.name(letter).split()[0] for letter in word}
    in_a_row = scripts == {"LATIN"} and bool(_IN_A_ROW.search(word))
    lower = any(letter.islower() for letter in word)
    inner = any(letter.isupper() and not letter.isascii() for letter in word[1:])
    plain = [letter for letter in word if letter.isascii()]
    shouted = len(plain) > 1 and all(letter.isupper() for letter in plain)
    return len(scripts) > 1 or in_a_row or (lower and inner) or (shouted and lower)


def _common_share(text: str, encoding: str) -> float:
    """The share of common characters among those that are not ASCII; kana are common.
    None where one stands beside a small letter, inside a word of ours."""
    plane, first_bytes = _IDEOGRAPHS[encoding]
    if _TOUCHED.search(text):
        return 0.0
    letters = [letter for letter in text if not letter.isascii()]
    return sum(_is_common(letter, plane, first_bytes) for letter in letters) / len(letters)


def _is_common(letter: str, plane: str, first_bytes: range) -> bool:
    try:
        code = letter.encode(plane)
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and (code[0] in first_bytes or letter in "　、。・ー（）「」&")
