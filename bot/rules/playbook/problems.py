"""A mistake in a playbook: where it is, and what would be right."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake. `path` is dotted, as in `stages.2.plays.0.owner`; lines and columns from 1."""

    source: str
    line: int
    column: int
    path: str
    message: str = field(compare=True)

    def __str__(self) -> str:
        where = f"{self.source}:{self.line}:{self.column}:"
        return f"{where} {self.path}: {self.message}" if self.path else f"{where} {self.message}"


class PlaybookError(Exception):
    """A playbook that cannot be used; `problems` holds every mistake, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a sentence: the nearest of `known`, else all of them."""
    options = list(known)
    folded = {option.casefold(): option for option in reversed(options)}
    near = get_close_matches(word.casefold(), folded, 1, 0.55)
    if near:
        return f'did you mean "{folded[near[0]]}"?'
    return f"choose one of: {', '.join(options)}."
