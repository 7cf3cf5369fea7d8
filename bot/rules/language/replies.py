"""What is said in a nudge's thread: a verb for its touchpoint, and the words that follow it."""

import re
from dataclasses import dataclass
from typing import Final

from bot.rules.touchpoint_verbs import Verb

_LINE: Final = re.compile(r"(?:#|no\.? ?|number )?(?P<line>\d{1,2})[.:)]?\s+(?=\D)", re.IGNORECASE)
_JOINT: Final = r"(?:[\s,;:.!–-]+(?P<rest>.*))?$"
_WORDS: Final[tuple[tuple[Verb, str], ...]] = (
    ("nothing-new", r"(?:done[,:]? )?nothing new"),
    ("done", r"(?:it(?:'|’)?s |it is |is |all )?(?:done|finished|did it|did that)"),
    (
        "claim",
        r"(?:i(?:'|’)ll|i will|i can) (?:take|do) (?:it|this|that)|i have it|mine|on it|claim",
    ),
    ("release", r"release|give it back|not me"),
    ("snooze", r"(?:snooze|later|postpone|remind me)(?: (?:it|this))?(?: (?:until|till|to|for))?"),
    ("skip", r"skip(?: (?:it|this))?|not needed"),
    ("undo", r"undo"),
)
_VERBS: Final = tuple(
    (verb, re.compile(rf"(?:{words}){_JOINT}", re.IGNORECASE | re.DOTALL)) for verb, words in _WORDS
)


@dataclass(frozen=True)
class ThreadReply:
    """`line` is the number of one of several touchpoints, from 1; None where none was said."""

    verb: Verb
    rest: str
    line: int | None = None


def read_reply(words: str) -> ThreadReply | None:
    """The reply that words are; None when they ask for something else."""
    line = _LINE.match(words.strip())
    said = words.strip()[line.end() :] if line else words.strip()
    for verb, pattern in _VERBS:
        if match := pattern.match(said):
            number = int(line["line"]) if line else None
            return ThreadReply(verb, (match["rest"] or "").strip(), number)
    return None
