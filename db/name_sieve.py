"""Which of very many names share enough pairs of letters with what somebody typed to be like it.

A slip of the pen costs two or three pairs of neighbouring letters, so whoever lacks more of them
cannot be meant. For each pair there is a number with a bit for each name. What each name has is
added up bit by bit, for all names at once, in a twentieth of the time that comparing them takes.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import ceil, floor

from db.name_texts import Texts

# Pairs that share a number only let more names through; those of a to z hardly ever do.
_NUMBERS = 509
# Two letters exchanged cost three pairs, any other slip two; letters missing side by side one each,
# a letter missing alone two. So many slips of the dear kind are expected in one name, no more:
# whoever makes more is found when all names are looked at.
_DEAR = 3
# What occurs at all, and what occurs more than once.
_DIGITS = tuple(b"0" * least + b"1" * (256 - least) for least in (1, 2))
_ONE = re.compile("1")
_ROUNDED = 1e-6
# A word in fewer of the texts than one in so many is noted row by row. So many texts tell.
_RARE, _ASKED = 150, 3_000

_Pair = tuple[int, int]


class Lengths:
    """Which rows of so many hold a text of which length: those at `rows`, in the same order."""

    def __init__(self, texts: Texts, rows: Sequence[int], among: int) -> None:
        self.count = len(texts)
        by_length: defaultdict[int, array[int]] = defaultdict(_no_rows)
        for row, length in zip(rows, texts.lengths(), strict=True):
            by_length[length].append(row)
        self.rows = {length: _bits(of_it, among)[0] for length, of_it in by_length.items()}


class Sieve:
    """Of texts of words between single spaces; a row is a text's place. A word's pairs are the same
    wherever it stands, so the texts may be those with their words in another order, too."""

    def __init__(self, texts: Texts) -> None:
        self.count = len(texts)
        self.lengths = Lengths(texts, range(self.count), self.count)
        # Who has a pair, and who has it twice.
        self.having = _having(texts)


class Shared:
    """Counts how many of the pairs of `asked` each of the sieve's rows has."""

    def __init__(self, sieve: Sieve, asked: str) -> None:
        self._sieve, self._pairs = sieve, 0
        # Each row's count stands in its bits of these numbers, of which the first counts ones.
        self._digits: list[int] = []
        for number, times in Counter(_numbers(asked)).items():
            for having in sieve.having[number][:times]:
                self._count(having)

    def holding(self) -> list[int] | None:
        """The rows that can have it within them, its last word perhaps longer; None: too many."""
        return self._places(self._having(self._pairs - 1), self._sieve.count)

    def rows(self, lost: Mapping[int, int], lengths: Lengths) -> list[int] | None:
        """The rows whose length is in `lost` and which lack so many of the pairs at most.

        None when they are so many that choosing them takes longer than looking at all.
        """
        found = 0
        for length, most in lost.items():
            if so_long := lengths.rows.get(length, 0):
                found |= so_long & self._having(self._pairs - most)
        return self._places(found, lengths.count)

    def _places(self, rows: int, looked_at: int) -> list[int] | None:
        if rows.bit_count() * 5 > looked_at:
            return None
        return [found.start() for found in _ONE.finditer(bin(rows | 1 << self._sieve.count)[3:])]

    def _count(self, having: int) -> None:
        self._pairs += 1
        for place, digit in enumerate(self._digits):
            self._digits[place], having = digit ^ having, digit & having
            if not having:
                return
        self._digits.append(having)

    def _having(self, least: int) -> int:
        """The rows that have so many of the pairs, or more."""
        if least >> len(self._digits) > 0:
            return 0
        found = (1 << self._sieve.count) - 1
        if least > 0:
            for place, digit in enumerate(self._digits):
                found = found & digit if least >> place & 1 else found | digit
        return found


def lost_by_slips(length: int, share: float) -> dict[int, int]:
    """How many pairs a text so long can lack in one that is `share` alike by slips (OSA), for each
    length that such a text can have."""
    return {
        other: lost
        for other in range(_up(length * share), _down(length / share) + 1)
        if (lost := _slipped(length, other, share)) is not None
    }


def lost_by_letters(length: int, share: float) -> dict[int, int]:
    """The same for texts that are `share` alike by letters missing or too many (ratio)."""
    least = share / (2 - share)
    return {
        other: lost
        for other in range(_up(length * least), _down(length / least) + 1)
        if (lost := _without(length, other, share)) is not None
    }


def _slipped(length: int, other: int, share: float) -> int | None:
    slips = _down((1 - share) * max(length, other))
    apart = abs(length - other)
    if apart > slips:
        return None
    changed = slips - apart
    return apart * (1 if other > length else 2) + 2 * changed + min(changed, _DEAR)


def _without(length: int, other: int, share: float) -> int | None:
    common = _up(share * (length + other) / 2)
    if common > min(length, other):
        return None
    missing = length - common
    return missing + other - common + min(missing, _DEAR)


def _up(value: float) -> int:
    return ceil(value - _ROUNDED)


def _down(value: float) -> int:
    return floor(value + _ROUNDED)


def _numbers(text: str) -> list[int]:
    """The numbers of a text's pairs of letters; a space stands before and after it, too."""
    return [(ord(one) * 29 + ord(two)) % _NUMBERS for one, two in pairwise(f" {text} ")]


def _having(texts: Texts) -> list[_Pair]:
    """For each number the rows that have a pair of that number."""
    count = len(texts)
    common = {word: _no_rows() for word in _common(texts)}
    rare = [_no_rows() for _ in range(_NUMBERS)]
    for row, text in enumerate(texts):
        for word in text.split(" "):
            if word in common:
                common[word].append(row)
            else:
                for number in _numbers(word):
                    rare[number].append(row)
    found = [(0, 0)] * _NUMBERS
    for word, rows in common.items():
        these = _bits(rows, count)
        for number in _numbers(word):
            found[number] = _both(found[number], these)
    return [_both(each, _bits(rows, count)) for each, rows in zip(found, rare, strict=True)]


def _common(texts: Texts) -> list[str]:
    """The words that stand in many of the texts, going by some of them."""
    some = range(0, len(texts), max(1, len(texts) // _ASKED))
    times = Counter(word for row in some for word in texts[row].split(" "))
    return [word for word, count in times.items() if count * _RARE > len(some)]


def _no_rows() -> array[int]:
    return array("I")


def _both(some: _Pair, others: _Pair) -> _Pair:
    return some[0] | others[0], some[1] | others[1] | some[0] & others[0]


def _bits(rows: array[int], count: int) -> _Pair:
    """Numbers whose bits, from the highest on, are 1 for those rows, and for those that are there
    more than once."""
    if not rows:
        return 0, 0
    times = bytearray(count)
    for row in rows:
        if times[row] < 2:
            times[row] += 1
    once, twice = (int(times.translate(digits).decode(), 2) for digits in _DIGITS)
    return once, twice
