"""Very many short texts, kept as one: each as a string of its own takes three times the memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import overload


class Texts(Sequence[str]):
    """Texts of words between single spaces, without line breaks."""

    def __init__(self, texts: Iterable[str]) -> None:
        each = list(texts)
        #: A space before and after each text, so that whole words and beginnings can be looked for.
        self.joined = "".join(f" {text} \n" for text in each)
        #: Where each begins in `joined`, its space included; and the end.
        self.begins = array("Q", accumulate((len(text) + 3 for text in each), initial=0))

    def __len__(self) -> int:
        return len(self.begins) - 1

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return self.all()[row]
        return self.joined[self.begins[row] + 1 : self.begins[row + 1] - 2]

    def all(self) -> list[str]:
        """A string for each."""
        return self.joined[1:-2].split(" \n ") if len(self) else []


class Names:
    """Names of any characters."""

    def __init__(self, names: Iterable[str]) -> None:
        each = [name.encode("utf-8", "surrogatepass") for name in names]
        self._joined = b"".join(each)
        self._begins = array("Q", accumulate(map(len, each), initial=0))

    def __getitem__(self, row: int) -> str:
        found = self._joined[self._begins[row] : self._begins[row + 1]]
        return found.decode("utf-8", "surrogatepass")
