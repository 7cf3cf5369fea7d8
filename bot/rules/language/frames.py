"""Everything the product can do or tell, and the words by which a person asks for it. A frame's
score is the sum of the weights of its cues that stand in the masked sentence (see `parts.Sentence`:
"@account", "@member", "@day" … stand for what was recognised)."""

import re
from dataclasses import dataclass
from typing import Final

from bot.rules.language.lexicon import load, whole_words
from bot.rules.language.parts import PartKind, Sentence

#: A frame is meant for certain from here on, and when it is so far ahead of the next.
SURE: Final = 4.0
AHEAD: Final = 1.0
#: A frame that scores less is not even offered.
LEAST: Final = 2.0
_WRONG_MOOD: Final = 4.0
_MISSING: Final = 3.0
_SPOKEN_OF: Final = 1.5  # the account was only spoken of before


@dataclass(frozen=True)
class Frame:
    """One thing that may be wanted. `cues` are (weight, pattern); a negative weight speaks against
    it. `needs` are the parts without which it makes little sense, `likes` those that make it
    likelier, `never` those that speak against it."""

    name: str
    mood: str  # "ask" a question, "tell" something that happened or is to be done, "any"
    cues: tuple[tuple[float, re.Pattern[str]], ...]
    needs: tuple[PartKind, ...] = ()
    likes: tuple[PartKind, ...] = ()
    never: tuple[PartKind, ...] = ()
    keeps_words: bool = False  # all that was said is kept, so nothing is left unused


@dataclass(frozen=True)
class Scored:
    """How well a frame fits, and the places of its cues in the masked sentence."""

    frame: Frame
    score: float
    used: tuple[tuple[int, int], ...]


def _load(file: str) -> dict[str, Frame]:
    """The frames of a file: by name its mood, its parts, and its cues as [weight, patterns …]."""
    found = {}
    for name, given in load(file).items():
        cues = tuple((float(weight), whole_words(words)) for weight, *words in given["cues"])
        needs, likes, never = (tuple(given.get(key, ())) for key in ("needs", "likes", "never"))
        keeps = given.get("keeps_words", given["mood"] == "ask")
        found[name] = Frame(name, given["mood"], cues, needs, likes, never, keeps)
    return found


#: Every frame by its name.
FRAMES: Final = {**_load("asking"), **_load("telling")}
#: What a button says that offers a frame.
OFFERS: Final[dict[str, str]] = {
    name: given["offer"]
    for file in ("asking", "telling")
    for name, given in load(file).items()
    if "offer" in given
}


def score(one: Frame, sentence: Sentence, mood: str) -> Scored:
    """How well the frame fits the sentence."""
    total, used, telling = 0.0, [], False
    for weight, pattern in one.cues:
        found = pattern.search(sentence.masked)
        if found:
            total += weight
            telling = telling or weight >= LEAST
            used += [m.span() for m in pattern.finditer(sentence.masked)] if weight > 0 else []
    if not telling or total <= 0:
        return Scored(one, 0.0, ())
    kinds = sentence.kinds
    stands_in = {"account"} if "name" in kinds else set()  # an account that nobody knows
    if "account" in one.needs and "account" not in kinds and sentence.about is not None:
        stands_in, total = {"account"}, total - _SPOKEN_OF
    total -= _MISSING * len(set(one.needs) - kinds - stands_in)
    total += 0.75 * len((set(one.needs) | set(one.likes)) & kinds)
    unknown = stands_in if one.mood == "ask" else set()  # "on holiday in Spain" names none
    total -= _WRONG_MOOD * len(set(one.never) & (kinds | unknown))
    if one.mood != "any" and mood not in (one.mood, "any"):
        total -= _WRONG_MOOD
        if one.mood == "tell":  # a question is never a change for certain
            total = min(total, SURE - _WRONG_MOOD / 2)
    return Scored(one, total, tuple(used))
