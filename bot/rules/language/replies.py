"""What is said in a nudge's thread: a verb for its touchpoint, and the words that follow it."""

import re
from dataclasses import dataclass
from typing import Final, cast

from bot.rules.language.lexicon import load
from bot.rules.touchpoint_verbs import Verb

_NUMBER: Final = r"(?:#|no\.? ?|number |line )?(?P<line>\d{1,2})"
_LINE: Final = re.compile(rf"{_NUMBER}[.:)]?[ ,]+(?=\D)", re.IGNORECASE)
#: "I'll take number 2", "snooze 2 till Thursday".
_INSIDE: Final = re.compile(
    r"(?:(?<=snooze)|(?<=skip)|(?<=take)|(?<=claim)|(?<=release)|(?P<called>\b(?:number|no\.?|line|#)))"
    # "snooze 2 days" is a length of time: the number stands alone, or before what follows a line.
    r" ?(?P<line>\d{1,2})(?=\s*(?:[,.:;)!?–-]|$)|\s+(?:until|till|to|for|by|on|please|pls)\b)",
    re.IGNORECASE,
)
#: "done 2, …": a number right behind the verb is the line's only where it stands alone.
_LINE_AFTER: Final = re.compile(rf"{_NUMBER}(?=[\s]*(?:[,.:;)!–-]|$))[,.:;)!–\s-]*", re.IGNORECASE)
_BEFORE: Final = re.compile(r"(?:(?:ok|okay|yes|hey|hi|linchpin|please|pls|so|and)[,!. ]+)+", re.I)
_JOINT: Final = r"(?:[\s,;:.!?–-]+(?P<rest>.*))?$"
_VERBS: Final[tuple[tuple[Verb, re.Pattern[str]], ...]] = tuple(
    (cast(Verb, verb), re.compile(rf"(?:{'|'.join(words)}){_JOINT}", re.IGNORECASE | re.DOTALL))
    for verb, words in load("replies").items()
)


@dataclass(frozen=True)
class ThreadReply:
    """`line` is the number of one of several touchpoints, from 1; None where none was said."""

    verb: Verb
    rest: str
    line: int | None = None


def read_reply(words: str) -> ThreadReply | None:
    """The reply that words are; None when they ask for something else."""
    said = words.strip().replace("’", "'")
    if before := _BEFORE.match(said):
        said = said[before.end() :]
    line = _LINE.match(said)
    if line:
        said = said[line.end() :]
    elif line := _INSIDE.search(said):
        it = "it" if line["called"] else " it"
        said = said[: line.start()] + it + said[line.end() :]
    for verb, pattern in _VERBS:
        if match := pattern.match(said):
            rest = (match["rest"] or "").strip()
            after = None if line else _LINE_AFTER.match(rest)
            number = line or after
            rest = rest[after.end() :] if after else rest
            return ThreadReply(verb, rest, int(number["line"]) if number else None)
    return None
