"""What stands in a sentence: accounts, people, days, amounts … each with its place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.rules.language.lexicon import COMMON, CUE_WORDS, FILLERS

PartKind = Literal[
    "account",  # value: its id; several `choices` where the words may mean several
    "name",  # of an account that nobody knows; value: the words
    "member",  # value: a Slack user id
    "contact",  # value: the id of a person at a customer
    "promise",  # value: the id of an open promise whose words these are
    "department",  # value: its key
    "stage",  # value: its key
    "act",  # of advocacy; value: the act's name
    "day",  # value: a `FoundDay`
    "amount",  # value: a `Money`
]

_WORD = re.compile(r"@?[\w][\w.@-]*[\w]|\w|\?")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
#: A part stands in the masked sentence as this word; a stage's own words stay behind it.
_KEEPS_WORDS = frozenset(("stage", "act", "department"))
_SHOWN_AS: dict[str, str] = {"name": "account"}
_PRONOUNS = frozenset("them they it its their".split())
_SLIP = 0.83  # one slip in six letters


@dataclass(frozen=True)
class Part:
    """Some words of a sentence that are known, from `start` to `end`."""

    kind: PartKind
    value: Any
    start: int
    end: int
    name: str = ""
    choices: tuple[tuple[int, str], ...] = ()  # (id, name) of what else may be meant

    @property
    def is_clear(self) -> bool:
        return not self.choices


@dataclass(frozen=True)
class Sentence:
    """A sentence and what was recognised in it; the parts do not overlap."""

    text: str
    parts: tuple[Part, ...] = ()
    about: Part | None = None  # the account that was spoken of before, where none is named
    masked: str = field(init=False, default="")
    _places: tuple[tuple[int, int, int, int], ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        masked, places = _mask(self.text, self.parts, self.account is not None and not self._named)
        object.__setattr__(self, "masked", masked)
        object.__setattr__(self, "_places", places)

    @property
    def _named(self) -> Part | None:
        return next((part for part in self.parts if part.kind == "account"), None)

    @property
    def account(self) -> Part | None:
        """The account that it is about: named, or spoken of before."""
        return self._named or self.about

    @property
    def kinds(self) -> set[PartKind]:
        """The kinds of parts there are; an account that "it" or "they" means is one."""
        meant: set[PartKind] = {"account"} if self.is_about_one and self.account else set()
        return {part.kind for part in self.parts} | meant

    @property
    def is_about_one(self) -> bool:
        """Whether an account is named, or meant by "it" or "they"."""
        return "@account" in self.masked.split()

    def all(self, kind: PartKind) -> list[Part]:
        return [part for part in self.parts if part.kind == kind]

    def first(self, kind: PartKind) -> Part | None:
        return next((part for part in self.parts if part.kind == kind), None)

    def words_outside(self, used: Iterable[tuple[int, int]]) -> str:
        """What no part and no cue has used: runs of such words, as typed, parted by " … ". `used`
        are places in the masked sentence."""
        spans = [*used]
        left = [
            (start, end)
            for at, until, start, end in self._places
            if not any(at < u_end and until > u_start for u_start, u_end in spans)
            and self.masked[at] != "?"
            and not any(start < part.end and end > part.start for part in self.parts)
        ]
        runs: list[list[int]] = []
        for start, end in left:
            if runs and not self.text[runs[-1][1] : start].strip(" '’,"):
                runs[-1][1] = end
            else:
                runs.append([start, end])
        texts = [self.text[start:end] for start, end in runs]
        return " … ".join(text for text in texts if not _is_filler(text))


def without_overlaps(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts in their order; where two overlap, the earlier in `parts` stays."""
    kept: list[Part] = []
    for part in parts:
        if not any(part.start < other.end and part.end > other.start for other in kept):
            kept.append(part)
    return tuple(sorted(kept, key=lambda part: part.start))


def _mask(
    text: str, parts: tuple[Part, ...], has_pronoun: bool
) -> tuple[str, tuple[tuple[int, int, int, int], ...]]:
    """The sentence in plain small words, each part as "@kind", and where each word stood. With
    `has_pronoun` the first "them" or "it" stands for an account."""
    words: list[tuple[str, int, int]] = []
    at = 0
    for part in parts:
        words += _words(text, at, part.start)
        words.append((f"@{_SHOWN_AS.get(part.kind, part.kind)}", part.start, part.end))
        if part.kind in _KEEPS_WORDS:
            words += _words(text, part.start, part.end)
        at = part.end
    words += _words(text, at, len(text))
    masked, places = "", []
    for word, start, end in words:
        if has_pronoun and word in _PRONOUNS:
            word, has_pronoun = "@account", False
        masked += " " if masked else ""
        places.append((len(masked), len(masked) + len(word), start, end))
        masked += word
    return masked, tuple(places)


def _words(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    joined = _APOSTROPHE.sub("\u200b", text[start:end])
    found = re.finditer(r"[^\W_](?:[\w\u200b-]*\w)?|\?", joined)
    return [
        (_corrected(m[0].replace("\u200b", "").casefold()), start + m.start(), start + m.end())
        for m in found
    ]


def _corrected(word: str) -> str:
    """The word, or the cue that it misspells."""
    if len(word) < 5 or word in COMMON or word in CUE_WORDS or not word.isalpha():
        return word
    near = process.extractOne(word, CUE_WORDS, scorer=OSA.normalized_similarity, score_cutoff=_SLIP)
    return near[0] if near else word


def _is_filler(text: str) -> bool:
    return all(word in FILLERS for word, _, _ in _words(text, 0, len(text)))
