"""Every name and alias of a workspace, in memory, to be looked through for what somebody typed.

With 100,000 names each look at all of them costs milliseconds: so `name_sieve` chooses beforehand
who can hold the words or be spelled nearly so, as long as those are few.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, islice, takewhile
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel

from bot.rules import names
from db.name_sieve import Lengths, Shared, Sieve, lost_by_letters, lost_by_slips
from db.name_texts import Names, Texts

#: So many names may be meant, at most: whoever has to choose among more types another letter.
MOST = 50
_BY_SLIPS, _BY_LETTERS = OSA.normalized_similarity, Indel.normalized_similarity
#: Texts that are less alike than this are so many that nothing is won by choosing among them.
_FEW = 0.7
_ODD = frozenset("&+'\"`")
_ASCII = bytes(ord(chr(n).lower()) if chr(n).isalnum() else 32 for n in range(128)) + bytes(128)


class Book:
    """Names as of a version of them; a row is a place in its lists.

    `letters` are what spelling is compared by, in alphabetical order: names that begin alike stand
    together.
    """

    def __init__(self, version: int, known: Iterable[tuple[int, str]]) -> None:
        self.version = version
        # One string for each, until they are in order.
        lines = [f"{letters(name)}\n{account_id}\n{name}" for account_id, name in known]
        lines.sort()
        self.ids, self.names = array("q"), Names()
        self.letters = Texts(map(self._noted, lines))
        self._kept: Look | None = None
        self._firsts: dict[int, tuple[Texts, array[int], Lengths]] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def named(self, row: int) -> tuple[int, str]:
        """The account of a row, and the name."""
        return self.ids[row], self.names[row]

    def of(self, accounts: Container[int]) -> list[int]:
        """The rows of some accounts."""
        return [row for row, account_id in enumerate(self.ids) if account_id in accounts]

    def _noted(self, line: str) -> str:
        spelled, account_id, name = line.split("\n", 2)
        self.ids.append(int(account_id))
        self.names.append(name)
        return spelled

    def look(self, asked: str) -> Look:
        """What is found for these letters; kept as long as the same is asked: a look-up goes on
        from what is near to what is less so."""
        kept = self._kept
        if kept is None or kept.asked != asked:
            kept = self._kept = Look(self, asked)
        return kept

    @cached_property
    def sieve(self) -> Sieve:
        return Sieve(self.letters)

    @cached_property
    def words_sorted(self) -> Texts:
        """Every name with its words in alphabetical order."""
        return Texts(" ".join(sorted(known.split())) for known in self.letters)

    def beginning(self, words: str) -> Iterator[int]:
        """The rows of that name, then of those that begin with these whole words."""
        rows = range(bisect_left(self.letters, words), len(self))
        return takewhile(lambda row: f"{self.letters[row]} ".startswith(f"{words} "), rows)

    def unfinished(self, asked: str) -> Iterator[int]:
        """The rows that begin so, their last word perhaps longer."""
        rows = range(bisect_left(self.letters, asked), len(self))
        return takewhile(lambda row: self.letters[row].startswith(asked), rows)

    def within(self, wanted: str, likely: Sequence[int] | None) -> Iterator[int]:
        """The rows that have these letters anywhere, of those `likely` to if known."""
        if likely is not None:
            yield from (row for row in likely if wanted in f" {self.letters[row]} ")
            return
        text, begins = self.letters.joined, self.letters.begins
        at = text.find(wanted)
        while at >= 0:
            row = bisect_right(begins, at) - 1
            yield row
            at = text.find(wanted, begins[row + 1])

    def first_words(self, count: int) -> tuple[Texts, array[int], Lengths]:
        """The first words of all longer names, each once, and the rows where they come first."""
        if count not in self._firsts:
            rows = array("I")
            texts = Texts(self._first_words(count, rows))
            self._firsts[count] = (texts, rows, Lengths(texts, rows, len(self)))
        return self._firsts[count]

    def _first_words(self, count: int, rows: array[int]) -> Iterator[str]:
        last = ""
        for row, known in enumerate(self.letters):
            words = known.split(" ", count)
            first = " ".join(words[:count])
            if len(words) > count and first != last:
                last = first
                rows.append(row)
                yield first


class Look:
    """What a book has for the letters of what somebody typed."""

    def __init__(self, book: Book, asked: str) -> None:
        self.asked, self._book = asked, book

    @cached_property
    def holding(self) -> list[int]:
        """Rows whose name holds the words, at the beginning of a word: whole names first."""
        book, asked, found = self._book, self.asked, dict[int, None]()
        likely = self._shared.holding()
        for row in chain(
            book.beginning(asked),
            book.within(f" {asked} ", likely),
            book.unfinished(asked),
            book.within(f" {asked}", likely),
        ):
            found[row] = None
            if len(found) == MOST:
                break
        return list(found)

    def spelled(self, least: float) -> list[int]:
        """Rows whose name, its first words, or its words in another order, are spelled nearly so.

        `least` is how near, of 100: see `rules.names.match`.
        """
        whole, part = least / 100, least / 100 / names.FIRST_WORDS
        rows = [*self._alike_whole(whole), *islice(self._alike_first(part), MOST)]
        return list(dict.fromkeys([*rows, *self._alike_in_order(part)]))

    def _alike_whole(self, share: float) -> list[int]:
        lost = lost_by_slips(len(self.asked), share)
        likely = self._shared.rows(lost, self._book.sieve.lengths)
        return [row for _, row in _slips(self.asked, self._book.letters, share, likely)]

    def _alike_first(self, share: float) -> Iterator[int]:
        firsts, places, lengths = self._book.first_words(len(self.asked.split()))
        likely = self._shared.rows(lost_by_slips(len(self.asked), share), lengths)
        at = likely and [bisect_left(places, row) for row in likely]
        for first, _ in _slips(self.asked, firsts, share, at):
            yield from self._book.beginning(first)

    def _alike_in_order(self, share: float) -> list[int]:
        lost = lost_by_letters(len(self.asked), share)
        likely = self._shared.rows(lost, self._book.sieve.lengths)
        in_order = " ".join(sorted(self.asked.split()))
        near = _alike(in_order, self._book.words_sorted, _BY_LETTERS, share, likely, MOST)
        return [row for _, row in near]

    @cached_property
    def _shared(self) -> Shared:
        return Shared(self._book.sieve, self.asked)


def letters(name: str) -> str:
    """`names.letters`, ten times as fast for what most names consist of."""
    if name.isascii() and _ODD.isdisjoint(name):
        return " ".join(name.encode().translate(_ASCII).decode().split())
    return names.letters(name)


def _slips(
    asked: str, known: Texts, share: float, at: Sequence[int] | None
) -> list[tuple[str, int]]:
    """(text, place) of the texts that slips of the pen lead to, nearest first.

    Counting slips (OSA) takes longer than counting letters that are missing or too many (Indel),
    and a slip is at most two of those: whoever is `share` alike by slips is, by letters, at least
    as much as this. Where that is little, too many are.
    """
    if share > _FEW:
        near = _alike(asked, known, _BY_LETTERS, (3 * share - 1) / (1 + share), at, None)
        at = [place for _, place in near]
    return _alike(asked, known, _BY_SLIPS, share, at, MOST)


def _alike(
    asked: str,
    known: Texts,
    scorer: Any,
    share: float,
    at: Sequence[int] | None,
    most: int | None,
) -> list[tuple[str, int]]:
    """(text, place) of those texts that are `share` alike or more, nearest first.

    Only those `at` some places, if it is not None.
    """

    def alike(some: Sequence[str]) -> list[Any]:
        return process.extract(asked, some, scorer=scorer, score_cutoff=share, limit=most)

    if at is not None:
        return [(text, at[n]) for text, _, n in alike([known[place] for place in at])]
    found = [
        (text, score, row + n) for row, some in known.pieces() for text, score, n in alike(some)
    ]
    found.sort(key=lambda each: -each[1])
    return [(text, place) for text, _, place in found[:most]]
