"""The bytes of a file as text, in whichever encoding a program wrote them.

UTF-8 and UTF-16 prove themselves. Of the older encodings nearly every one decodes nearly every
file, so each is judged by whether people write like that. Files are short: statistics of a language
do not help, and a reading that another one equals is refused."""

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final

from bot.rules.errors import UserError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Of readings that are as good, the first counts among those of an alphabet.
_ALPHABETS: Final = (
    "cp1252", "mac_roman", "cp1254", "cp1250", "cp1251", "cp1253", "cp1255", "cp1256"
)  # fmt: skip
_LATIN: Final = _ALPHABETS[:4]
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
    r"[^\W\d_][“”„‚…®™©\u00ab\u00bb•´°€£§¿¡½¼¾²³±×÷№]+[^\W\d_]"
    r"|[^\W\d_][£§¿¡½¼¾±×÷]|[£§°½¼¾²³±×÷][^\W\d_]|[„‚¿¡](?![\w„‚¿¡])"
    r"|[^\W\d_a-zA-Z]\d|[aeiou]–[aeiou]|(?<![\w.])[®™]\w|[a-z]‘[a-z]|(?<!\w)‚\w+(?![^\n]*‘)"
)
_MAC_DASHES: Final = range(0xD0, 0xD6)
#: Letters that only printers use: where they stand, another encoding was meant.
_RARE: Final = frozenset("ﬁﬂƒªº")
_ICELANDIC: Final = frozenset("þÞðÐ")
_TURKISH_OR_CZECH: Final = frozenset("ýÝ")
_VOWELS: Final = frozenset("áéíóúæÁÉÍÓÚÆ")
#: Every Greek word in small letters has one; Russian ones read as Greek have none.
_GREEK_ACCENTS: Final = re.compile("[άέήίόύώΆΈΉΊΌΎΏ]")
_IN_A_ROW: Final = re.compile(r"[^\x00-\x7f]{3}")
#: As long as such words are, they may be Polish ("Żółć") as well as Cyrillic.
_SURELY_IN_A_ROW: Final = re.compile(r"[^\x00-\x7f]{5}")
#: The letters of the languages of Europe: nobody mixes those of two in one word.
_LANGUAGES: Final = tuple(
    frozenset(letters)
    for letters in (
        "àáâãäåæçéèêëìíîïñòóôõöùúûüÿœß",  # Western, but what is told apart below
        "æøåéäöüó", "áéíóúýþðæö", "äöõüåšžé", "ąćęłńóśźż", "áčďéěíňóřšťúůýžäľĺôŕöü",
        "áéíóöőúüű", "ăâîșțşţ", "čćđšž", "çğıöşüâîûi\u0307",
    )
)  # fmt: skip
#: Western letters where only other languages have theirs: "Gdañsk", "Kováè", "Jiøí".
_ELSEWHERE: Final = re.compile(
    r"ñ(?![aeiouáéíóúü])|[eo]ò$|[bcdfghjklmnprstvz]ğ|[áíúý]\w*[èìòùï]|[èìòùï]\w*[áíúý]", re.I
)
_TOUCHED: Final = re.compile(r"[a-z][^\x00-\x7f]|[^\x00-\x7f][a-z]")
_COMMON_SHARE: Final = 0.8


def decode(data: bytes, source: str) -> str:
    """The text of the bytes; UserError when no encoding, or more than one, makes sense of them."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _unbroken(data.decode(encoding, errors="replace"), source)
    if (wide := _utf16(data)) is not None:
        return _unbroken(data.decode(wide, errors="replace"), source)
    with suppress(UnicodeDecodeError):
        return _unbroken(data.decode("utf-8"), source)
    old = _alphabet(data)
    if old := _ideographs(data) if old is None else old:
        return data.decode(old)
    raise UserError(
        f"I cannot tell which encoding {source} has, and its letters would come out wrong. Save it "
        "as CSV UTF-8 (in Excel: File, Save as) and import that file."
    )


def _unbroken(text: str, source: str) -> str:
    """The text, unless a program before broke its letters: "M�ller", "MÃ¼ller"."""
    broken = next((word for word in text.split() if "\ufffd" in word or _was_utf8(word)), None)
    if broken is not None:
        raise UserError(
            f'{source} has letters that were broken before, as in "{broken[:40]}". Export it again '
            "as CSV UTF-8 from where it came."
        )
    return text


def _was_utf8(word: str) -> bool:
    with suppress(UnicodeError):
        return not word.isascii() and bool(word.encode("cp1252").decode("utf-8"))
    return False


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
    """The first encoding of one byte a letter in which every word is one that people write; ""
    where two are as good."""
    foreign = [byte for byte in data if byte > 0x7F and byte not in _MAC_DASHES]
    readings = dict(_readings(data, _ALPHABETS))
    good = [name for name, text in readings.items() if not _has_rubble(text)]
    if _is_toss_up(readings, good):
        return ""
    # Mac Roman has its letters where Windows has signs, and the other way round; where it is as
    # good as another alphabet, nobody can tell.
    if good[:1] == ["mac_roman"] and sum(byte < 0xA0 for byte in foreign) * 2 <= len(foreign):
        return "" if good[1:] else "mac_roman"
    return good[0] if good else None


def _is_toss_up(readings: Mapping[str, str], good: Sequence[str]) -> bool:
    """Whether two scripts, or two languages of one, are as good."""
    latin = [name for name in good if name in _LATIN]
    if latin:
        text = readings[latin[0]]
        doubtful = not _TURKISH_OR_CZECH.isdisjoint(text) and _VOWELS.isdisjoint(text)
        return doubtful and _ICELANDIC.isdisjoint(text) and latin[0] == "cp1252"
    polish = "cp1250" in readings and not _has_rubble(readings["cp1250"], _SURELY_IN_A_ROW)
    return bool(good) and (len(good) > 1 or polish)


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


def _has_rubble(text: str, in_a_row: re.Pattern[str] = _IN_A_ROW) -> bool:
    # Turkish letters, read as Western ones, look Icelandic, without that language's vowels.
    if not _ICELANDIC.isdisjoint(text) and _VOWELS.isdisjoint(text):
        return True
    words = {word for word in _WORD.findall(text) if not word.isascii()}
    return bool(_MISPLACED.search(text)) or any(_is_rubble(word, in_a_row) for word in words)


def _is_rubble(word: str, in_a_row: re.Pattern[str]) -> bool:
    """Whether nobody writes such a word: signs, capitals or another script's letters inside, or
    accents in a row."""
    if not word.isalpha() or not _RARE.isdisjoint(word):
        return True
    scripts = {unicodedata.name(letter).split()[0] for letter in word}
    if scripts == {"GREEK"} and not word.isupper() and len(_GREEK_ACCENTS.findall(word)) != 1:
        return True
    if scripts == {"LATIN"} and (in_a_row.search(word) or not _is_of_one_language(word)):
        return True
    lower = any(letter.islower() for letter in word)
    inner = any(letter.isupper() and not letter.isascii() for letter in word[1:])
    plain = [letter for letter in word if letter.isascii()]
    shouted = len(plain) > 1 and all(letter.isupper() for letter in plain)
    return len(scripts) > 1 or (lower and inner) or (shouted and lower)


def _is_of_one_language(word: str) -> bool:
    foreign = {letter for letter in word.lower() if not letter.isascii()}
    return not _ELSEWHERE.search(word) and any(foreign <= letters for letters in _LANGUAGES)


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
