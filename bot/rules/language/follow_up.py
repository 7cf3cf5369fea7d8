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
_NAMES: Final = r"(?:call|meeting|visit|e-?mail|ticket|complaint|note)"
#: "no, it was a meeting"
_KIND: Final = re.compile(
    rf"(?:no|sorry|actually|it was|that was|rather|make it|[, ])*(?:an? )?(?P<kind>{_NAMES})[.!]*",
    re.IGNORECASE,
)
_NAMED_KIND: Final = re.compile(rf"\b{_NAMES}\b", re.IGNORECASE)
_MOST_WORDS: Final = 9
_LINK: Final = {"account": "for ", "member": "for ", "department": "for "}


def corrects_kind(words: str) -> bool:
    """Whether the words only say of what kind the interaction before was."""
    return _KIND.fullmatch(words.strip()) is not None


def lean_on(before: Sentence, now: Sentence, *, is_promise: bool = False) -> str | None:
    """The sentence before, as it is meant with what is said now; None for a sentence of its own.
    Each part that is named now stands in the place of those of its kind, or behind the sentence
    where it had none."""
    if _AGREES.fullmatch(now.text):
        return before.text
    if kind := _KIND.fullmatch(now.text.strip()):
        return _NAMED_KIND.sub(kind["kind"], before.text, count=1)
    words = now.masked.split()
    named = {w for part in now.parts for w in now.text[part.start : part.end].casefold().split()}
    strange = [w for w in words if w[0] not in "@?" and w not in COMMON | named and not w.isdigit()]
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
            link = _LINK.get(part.kind, "")
            keeps = part.kind != "account" and is_promise
            added += f", owner {said}" if link and keeps else f" {link}{said}"
    text = before.text
    for start, end, said in sorted(taken.values(), reverse=True):
        text = text[:start] + said + text[end:]
    return text.rstrip(" ?.!") + added if added else text
