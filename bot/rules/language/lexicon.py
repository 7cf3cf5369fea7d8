"""The words of the language, read once from the files beside: common words, cues, frames."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

_FOLDER: Final = Path(__file__).parent


@cache
def load(name: str) -> dict[str, Any]:
    """One of the files beside, such as "words"."""
    text = (_FOLDER / f"{name}.yaml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


def whole_words(patterns: list[str]) -> re.Pattern[str]:
    """One pattern for whole words of a masked sentence; "@@kinds" are those of `kinds.yaml`."""
    every = "|".join(each for words in load("kinds").values() for each in words)
    # What follows a word begins with a space: "log.*" is no "logo".
    whole = [re.sub(r" ?\.\*$", "(?: .*)?", each) for each in patterns]
    joined = "|".join(whole).replace("@@kinds", every)
    return re.compile(rf"(?<!\S)(?:{joined})(?!\S)")


#: Alone, in small letters, they never mean an account or a person.
COMMON: Final = frozenset(load("words")["common"].split())
#: Left over alone, they say nothing that would be missed.
FILLERS: Final = frozenset(load("words")["fillers"].split())
#: A slip in one of these is mended.
CUE_WORDS: Final = frozenset(load("words")["cues"].split())


#: The words that stand in the frames' cues, and their plurals.
_IN_CUES: Final = frozenset(
    word + ending
    for file in ("asking", "telling")
    for frame in load(file).values()
    for _, *patterns in frame["cues"]
    for word in re.findall(r"(?<![a-z@(|?])[a-z]{4,}(?![a-z(])", " ".join(patterns))
    for ending in ("", "s")
)


def is_everyday(word: str) -> bool:
    """Whether a word is common, or known by what it asks for."""
    said = word.casefold()
    return said in COMMON or said in CUE_WORDS or said in _IN_CUES


#: The kinds of an interaction, each with the words that tell of it; the first that fits counts.
KINDS: Final = {kind: whole_words(words) for kind, words in load("kinds").items()}
