"""Runs of neighbouring words of a sentence, in which names are looked for."""

from collections.abc import Iterable, Iterator

from bot.rules.language.parts import Part

Span = tuple[str, int, int]  # words and where they stand

#: A short name has so many words at most.
MOST_SHORT_WORDS = 3


def runs(words: list[Span], longest: int) -> Iterator[list[Span]]:
    """Every run of neighbouring words, the longest first at each place."""
    for at in range(len(words)):
        for count in range(min(longest, len(words) - at), 0, -1):
            yield words[at : at + count]


def joined(run: list[Span]) -> str:
    return " ".join(word for word, _, _ in run)


def longer_first(parts: Iterable[Part]) -> list[Part]:
    return sorted(parts, key=lambda part: part.start - part.end)
