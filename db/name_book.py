"""Every name and alias of a workspace, in memory, to be looked through for what somebody typed.

With 100,000 names each look at all of them costs milliseconds: so what holds the words is found in
one long text, and a cheaper measure chooses beforehand whose spelling is worth comparing.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import accumulate, chain, islice, takewhile
from typing import Any

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.rules import names

#: So many names may be meant, at most: whoever has to choose among more types another letter.
MOST = 50
_ASCII = str.maketrans({chr(n): " " for n in range(128) if not chr(n).isalnum()})


class Book:
    """Names as of a version of them; a row is a place in its lists.

    `letters` are what spelling is compared by, in alphabetical order: names that begin alike stand
    together.
    """

    def __init__(self, version: int, known: Sequence[tuple[int, str]]) -> None:
        self.version = version
        spelled = sorted((letters(name), account_id, name) for account_id, name in known)
        # Made anew, in this order: strings that lie one after the other are read in half the time.
        self.letters = "\n".join(each[0] for each in spelled).split("\n") if spelled else []
        self.ids = array("q", [each[1] for each in spelled])
        self.names = [each[2] for each in spelled]
        self._text = "".join(f" {each}\n" for each in self.letters)
        self._begins = array("Q", accumulate((len(each) + 2 for each in self.letters), initial=0))
        self._firsts: dict[int, tuple[list[str], array[int]]] = {}
        self._sorted: list[str] = []

    def __len__(self) -> int:
        return len(self.ids)

    def holding(self, asked: str) -> list[int]:
        """Rows whose name holds the words, at the beginning of a word: whole names first."""
        rows, wanted = [], f" {asked}"
        at = self._text.find(wanted)
        while at >= 0:
            row = bisect_right(self._begins, at) - 1
            rows.append(row)
            at = self._text.find(wanted, self._begins[row + 1])
        return sorted(rows, key=partial(self._place, asked))[:MOST]

    def spelled(self, asked: str, least: float) -> list[int]:
        """Rows whose name, its first words, or its words in another order, are spelled nearly so.

        `least` is how near, of 100: see `rules.names.match`.
        """
        share = least / 100
        firsts, places = self._first_words(len(asked.split()))
        rows = [row for row, _ in _slips(asked, self.letters, share)]
        near_firsts = _slips(asked, firsts, share)
        beginning = (self._beginning(first, places[at]) for at, first in near_firsts)
        rows += islice(chain.from_iterable(beginning), MOST)
        in_order = " ".join(sorted(asked.split()))
        rows += _rows(
            process.extract(
                in_order, self._words_sorted(), scorer=fuzz.ratio, score_cutoff=least, limit=MOST
            )
        )
        return list(dict.fromkeys(rows))

    def _place(self, asked: str, row: int) -> tuple[int, str]:
        known = self.letters[row]
        begins = known == asked or known.startswith(f"{asked} ")
        rank = 0 if known == asked else 1 if begins else 2 if f" {asked} " in f" {known} " else 3
        return rank, known

    def _first_words(self, count: int) -> tuple[list[str], array[int]]:
        """The first words of all longer names, each once, and the row where it comes first."""
        if count not in self._firsts:
            texts: list[str] = []
            rows = array("q")
            for row, known in enumerate(self.letters):
                words = known.split(" ", count)
                first = " ".join(words[:count]) if len(words) > count else ""
                if first and (not texts or texts[-1] != first):
                    texts.append(first)
                    rows.append(row)
            self._firsts[count] = (texts, rows)
        return self._firsts[count]

    def _beginning(self, first: str, row: int) -> Iterator[int]:
        """The rows from `row` on that begin with those words."""
        return takewhile(lambda at: self.letters[at].startswith(f"{first} "), range(row, len(self)))

    def _words_sorted(self) -> list[str]:
        """Every name with its words in alphabetical order."""
        if not self._sorted:
            turned = (" ".join(sorted(known.split())) for known in self.letters)
            # The same string is not kept twice.
            self._sorted = [
                known if known == other else other
                for known, other in zip(self.letters, turned, strict=True)
            ]
        return self._sorted


def letters(name: str) -> str:
    """`names.letters`, ten times as fast for what most names consist of."""
    if name.isascii() and not set(name) & set("&+'\"`"):
        return " ".join(name.translate(_ASCII).casefold().split())
    return names.letters(name)


def _slips(asked: str, known: Sequence[str], share: float) -> list[tuple[int, str]]:
    """(place, text) of the texts that slips of the pen lead to, nearest first.

    Counting slips (OSA) takes longer than counting letters that are missing or too many (ratio),
    and a slip is at most two of those: whoever is `share` alike by slips is, by letters, at least
    as much as this.
    """
    by_letters = max(0.0, (3 * share - 1) / (1 + share))
    near = process.extract(
        asked, known, scorer=fuzz.ratio, score_cutoff=100 * by_letters, limit=None
    )
    counted = ((OSA.normalized_similarity(asked, text), at, text) for text, _, at in near)
    alike = sorted((each for each in counted if each[0] >= share), key=lambda each: -each[0])
    return [(at, text) for _, at, text in alike[:MOST]]


def _rows(found: Sequence[tuple[Any, float, int]]) -> list[int]:
    return [row for _, _, row in found]
