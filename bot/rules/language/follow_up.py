"""A sentence that leans on the one before it: "and for Tamarind?", "make it Friday", "yes"."""

import re
from typing import Final

from bot.rules.language.lexicon import COMMON
from bot.rules.language.parts import Sentence

_AGREES: Final = re.compile(
    r"(?:yes|yep|yeah|ok|okay|sure|please|do it|go ahead|exactly|right|correct|that one|"
    r"(?:yes|ok|okay),? (?:please|do it|go ahead))[.! ]*",
    re.IGNORECASE,
)
_MOST_WORDS: Final = 9
_LINK: Final = {"account": "for ", "member": "for ", "department": "for "}


def lean_on(before: Sentence, now: Sentence) -> str | None:
    """The sentence before, as it is meant with what is said now; None for a sentence of its own.
    Each part that is named now stands in the place of those of its kind, or behind the sentence
    where it had none."""
    if _AGREES.fullmatch(now.text):
        return before.text
    words = now.masked.split()
    strange = [w for w in words if w[0] not in "@?" and w not in COMMON and not w.isdigit()]
    if not now.parts or strange or len(words) > _MOST_WORDS:
        return None
    taken: dict[int, tuple[int, int, str]] = {}
    added = ""
    for part in now.parts:
        said = now.text[part.start : part.end]
        same = next((p for p in before.parts if p.kind == part.kind and p.start not in taken), None)
        if same is not None:
            taken[same.start] = (same.start, same.end, said)
        else:
            added += f" {_LINK.get(part.kind, '')}{said}"
    text = before.text
    for start, end, said in sorted(taken.values(), reverse=True):
        text = text[:start] + said + text[end:]
    return text.rstrip(" ?.!") + added if added else text
