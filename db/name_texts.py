"""Very many short texts, kept as one: each as a string of its own takes three times the memory.

They are written down and read back in pieces, so that there are never strings for all of them:
what Python took for those once, it does not give back.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import chain, pairwise

_PIECE = 2_000


class Texts:
    """Texts of words between single spaces, without line breaks."""

    def __init__(self, texts: Iterable[str]) -> None:
        joined, end = StringIO(), 0
        #: Where each begins in `joined`, its space included; and the end.
        self.begins = array("I", (end,))
        for text in texts:
            end += joined.write(f" {text} \n")
            self.begins.append(end)
        #: A space before and after each text, so that whole words and beginnings can be looked for.
        self.joined = joined.getvalue()

    def __len__(self) -> int:
        return len(self.begins) - 1

    def __getitem__(self, row: int) -> str:
        return self.joined[self.begins[row] + 1 : self.begins[row + 1] - 2]

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(texts for _, texts in self.pieces())

    def pieces(self) -> Iterator[tuple[int, list[str]]]:
        """The texts, some at a time, and the row of the first of them."""
        for row in range(0, len(self), _PIECE):
            end = min(row + _PIECE, len(self))
            yield row, self.joined[self.begins[row] + 1 : self.begins[end] - 2].split(" \n ")

    def lengths(self) -> Iterator[int]:
        """How long each is."""
        return (after - begin - 3 for begin, after in pairwise(self.begins))


class Names:
    """Names of any characters."""

    def __init__(self) -> None:
        self._joined = bytearray()
        self._begins = array("I", (0,))

    def append(self, name: str) -> None:
        self._joined += name.encode("utf-8", "surrogatepass")
        self._begins.append(len(self._joined))

    def __getitem__(self, row: int) -> str:
        found = self._joined[self._begins[row] : self._begins[row + 1]]
        return found.decode("utf-8", "surrogatepass")
