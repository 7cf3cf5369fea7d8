"""Every name and alias of a workspace in memory, to find accounts by what somebody typed: a
dictionary of words, and rapidfuzz over all names; `names.match_names` scores the best of them."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, takewhile
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel

from bot.rules.text import names
from bot.rules.text.names import Candidate, spelling_key

#: How many names that hold the words are scored, of each kind (begins with them, holds them, …).
MOST_HOLDING = 50
#: How many that are spelled nearly so are scored, of each way of comparing.
MOST_SPELLED = 200


class NameIndex:
    """Names and aliases with the ids of their accounts; a row is a position in its sorted lists."""

    def __init__(self, known: Iterable[tuple[int, str]]) -> None:
        rows = sorted((spelling_key(name), account_id, name) for account_id, name in known)
        self._letters = [row[0] for row in rows]
        self._ids = [row[1] for row in rows]
        self._names = [row[2] for row in rows]
        del rows  # with 100,000 names it counts
        self._in_order: list[str] = []
        self._rows_of: dict[str, list[int]] = {}
        self._longest = 0
        for row, spelled in enumerate(self._letters):
            words = spelled.split()
            self._longest = max(self._longest, len(words))
            for word in words:
                self._rows_of.setdefault(word, []).append(row)
            words.sort()
            self._in_order.append(" ".join(words))
        self._words = sorted(self._rows_of)
        self._first_words: dict[int, dict[int, str]] = {}
        self._matched: tuple[str, list[Candidate[int]]] = ("", [])

    def match(self, words: str) -> list[Candidate[int]]:
        """The accounts that `words` may mean, best first: see `names.match_names`. The last is
        kept."""
        if self._matched[0] != words:
            asked = spelling_key(words)
            rows = dict.fromkeys([*self._holding(asked), *self._spelled(asked)])
            self._matched = (words, names.match_names(words, self._named(rows)))
        return self._matched[1]

    def holding(self, words: str) -> list[tuple[int, str]]:
        """(account id, name or alias) where the name holds `words`, the last perhaps unfinished;
        those that begin so come first."""
        return self._named(self._holding(spelling_key(words)))

    def _named(self, rows: Iterable[int]) -> list[tuple[int, str]]:
        return [(self._ids[row], self._names[row]) for row in rows]

    def _holding(self, asked: str) -> Iterable[int]:
        if not asked:
            return ()
        kinds = (
            self._beginning(asked),
            self._beginning(f"{asked} "),
            self._within(f" {asked} ", self._rows_with(asked.split())),
            self._within(f" {asked}", self._rows_unfinished(asked.split())),
        )
        rows = chain.from_iterable(islice(kind, MOST_HOLDING) for kind in kinds)
        return dict.fromkeys(rows)

    def _beginning(self, text: str) -> Iterator[int]:
        rows = range(bisect_left(self._letters, text), len(self._letters))
        return takewhile(lambda row: self._letters[row].startswith(text), rows)

    def _within(self, text: str, rows: Iterable[int]) -> Iterator[int]:
        return (row for row in rows if text in f" {self._letters[row]} ")

    def _rows_with(self, words: Sequence[str]) -> Sequence[int]:
        return min((self._rows_of.get(word, ()) for word in words), key=len)

    def _rows_unfinished(self, words: Sequence[str]) -> Iterable[int]:
        """The same, where the last word may be the beginning of a longer one."""
        if len(words) > 1:
            return self._rows_with(words[:-1])
        last = words[-1]
        at = range(bisect_left(self._words, last), len(self._words))
        longer = takewhile(lambda word: word.startswith(last), (self._words[n] for n in at))
        return chain.from_iterable(self._rows_of[word] for word in longer)

    def _spelled(self, asked: str) -> Iterable[int]:
        """The rows whose name, its first words, or its words in another order, are alike."""
        words = asked.split()
        if not words:
            return ()
        whole, part = names.MIN_SCORE / 100, names.MIN_SCORE / 100 / names.FIRST_WORDS
        in_order = " ".join(sorted(words))
        firsts = self._firsts(len(words))
        alike_firsts = _alike(asked, firsts, OSA.normalized_similarity, part)
        same_firsts = (self._beginning(f"{firsts[row]} ") for row in alike_firsts)
        return chain(
            _alike(asked, self._letters, OSA.normalized_similarity, whole),
            islice(chain.from_iterable(same_firsts), MOST_SPELLED),
            _alike(in_order, self._in_order, Indel.normalized_similarity, part),
        )

    def _firsts(self, count: int) -> dict[int, str]:
        """The first words of all names that have more, each once, by their first row."""
        if count >= self._longest:
            return {}
        if count not in self._first_words:
            firsts: dict[str, int] = {}
            for row, spelled in enumerate(self._letters):
                words = spelled.split(" ", count)
                if len(words) > count:
                    firsts.setdefault(" ".join(words[:count]), row)
            self._first_words[count] = {row: first for first, row in firsts.items()}
        return self._first_words[count]


def _alike(asked: str, known: list[str] | dict[int, str], scorer: Any, least: float) -> list[int]:
    """The rows of the texts that are at least so much alike, from 0 to 1; the nearest first."""
    alike = process.extract(asked, known, scorer=scorer, score_cutoff=least, limit=MOST_SPELLED)
    return [row for _, _, row in alike]
