"""What a sentence wants: the frame that fits clearly best, or the best few to choose from. Rules,
not a model. Nothing is guessed: a sentence that two frames fit is asked about."""

import re
from dataclasses import dataclass, replace
from typing import Final

from bot.rules.language.frames import AHEAD, FRAMES, LEAST, SURE, Scored, score
from bot.rules.language.lexicon import KINDS
from bot.rules.language.parts import Part, PartKind, Sentence

#: So many frames are offered where none is clearly the best.
MOST_OFFERED: Final = 3

#: Taken off the beginning: they ask for nothing by themselves.
_POLITE: Final = re.compile(
    r"^(?:(?:hey|hi|hello|ok|okay|so|well|and|also|please|pls|linchpin|@linchpin|sorry|"
    r"quick question|btw|by the way|just|hm+|oh|(?:can|could|would|will) you(?: please| pls)?|"
    r"i(?:'d| would)? (?:like|want) (?:you )?to(?: know)?|i(?:'m| am) wondering|do you know|"
    r"let's|let us|any idea)[,:!.…]*\s+)+(?=\S)",
    re.IGNORECASE,
)
_QUESTION: Final = re.compile(
    r"(?:what|which|who|whos|whose|when|whens|where|wheres|why|how|hows|whats|any|anything|anyone|"
    r"anybody|is|are|am|do(?! not)|does|was|were|can|could|will|would|should|may|"
    r"(?:did|has|have|had)(?= (?:i|we|you|they|he|she|it|anyone|anybody|there|@\w+))|"
    r"total|latest|overdue|upcoming|show|list|find|tell|give me|remind me who|search)(?!\S)"
)
_IMPERATIVE: Final = re.compile(
    r"(?:log|note|record|save|write|jot|add|create|move|put|set|shift|push|change|make|mark|remind|"
    r"give (?!me)|hand|assign|cancel|delete|remove|erase|undo|stop|mute|unsubscribe|skip|snooze|"
    r"update|rename|archive|send|turn|switch|promote|advance|bring|remember|register|dont|do not|"
    r"never|no|tell @account)(?!\S)"
)
_ASKS_INSIDE: Final = re.compile(r"(?<!\S)(?:how (?:much|many)|which ones?)(?!\S)")
_HAPPENED: Final = re.compile(
    r"(?<!\S)(?:\w+ed|met|went|gave|got|told|said|spoke|sent|left|lost|won|chose|had|has|have|is|"
    r"are|was|were|did|didnt|wont|cant|cannot|hasnt|wrote|rang|will|ill|im|ive|weve|theyre|wants?|needs?|loves?|likes?|"
    r"says|pays?|renews|takes?|goes|cut|saves?)(?!\S)"
)
_VERBS: Final = (
    r"(?:renew\w*|churn\w*|sign\w*|decid\w*|cho[so]\w*|left|leav\w*|lost|bought|buy|mov\w+|go|goes|"
    r"went|gone|sav\w+|promis\w+|met|meet|call(?:ed)?|spoken?|speak|talk\w*|visit\w*|e?mailed|wrote)"
)
#: What did not happen, or may not have: "almost churned", "has not renewed yet", "forgot to call".
_UNSURE: Final = re.compile(
    rf"(?<!\S)(?:(?:not|never|nobody|no one|hasnt|havent|hadnt|didnt|forgot to|yet to)(?: \w+)?|"
    r"(?:almost|nearly|unless|imagine|suppose|maybe|perhaps|thinks?|guess|wish|rumou?rs?|"
    rf"(?:could|would|might) have|friend of)(?: \S+){{0,6}}?) {_VERBS}(?!\S)"
)
_DID: Final = re.compile(rf"(?<!\S){_VERBS}(?!\S)")
#: The frames that record what happened. Unsure, they are offered and never proposed.
_RECORDS: Final = frozenset("log decision add_value move contact_left considers promise".split())
#: "…, and", "; ", a new line: what follows may be a request of its own.
_CLAUSE: Final = re.compile(
    r"(?:\s*[;\n]+\s*|(?<=\w\w)[.!?]+\s+|,?\s+(?:and|then|also|plus)\s+(?:also\s+)?)"
)
_MIN_CLAUSE_WORDS: Final = 3


@dataclass(frozen=True)
class Reading:
    """What a sentence wants. `frame` is None where none is clear; `offered` has what may be."""

    sentence: Sentence
    mood: str
    frame: str | None
    offered: tuple[str, ...] = ()
    unused: str = ""  # words that nothing was made of

    @property
    def text(self) -> str:
        return self.sentence.text

    @property
    def account(self) -> Part | None:
        return self.sentence.account

    @property
    def named(self) -> Part | None:
        """The account that is named, or meant by "it" or "they"."""
        return self.account if self.sentence.is_about_one else None

    def part(self, kind: PartKind) -> Part | None:
        return self.sentence.first(kind)

    def words(self, part: Part) -> str:
        """The words of a part, as typed."""
        return self.text[part.start : part.end]


def read(text: str, parts: tuple[Part, ...], about: Part | None = None) -> Reading:
    """What one sentence wants; `about` is the account that was spoken of before."""
    sentence = Sentence(text, parts, about)
    polite = _POLITE.match(text)
    mood = mood_of(sentence, polite.end() if polite else 0)
    scored = sorted(
        (score(each, sentence, mood) for each in FRAMES.values()), key=lambda each: -each.score
    )
    best, second = scored[0], scored[1]
    if _only_names(sentence):
        return Reading(sentence, mood, "standing", ("standing",))
    is_quote = text.lstrip().startswith(">")  # of a mail: others' words
    unsure = best.frame.name in _RECORDS and _is_unsure(sentence, polite.end() if polite else 0)
    ahead = best.score >= SURE and best.score - second.score >= AHEAD
    clear = ahead and not is_quote and not unsure
    offered = tuple(each.frame.name for each in scored[:MOST_OFFERED] if each.score >= LEAST)
    if not clear:
        return Reading(sentence, mood, None, offered)
    return Reading(sentence, mood, best.frame.name, offered, _unused(sentence, best, polite))


def mood_of(sentence: Sentence, polite: int = 0) -> str:
    """Whether a sentence asks ("ask"), tells or orders ("tell"), or only names things ("any")."""
    said = Sentence(sentence.text[polite:], _moved(sentence.parts, polite)).masked
    if sentence.text.lstrip().startswith(">"):
        return "ask"  # what others wrote is nothing that one tells
    if _IMPERATIVE.match(said):
        return "tell"
    if _QUESTION.match(said) or said.endswith("?") or _ASKS_INSIDE.search(said):
        return "ask"
    return "tell" if _HAPPENED.search(said) else "any"


def _is_unsure(sentence: Sentence, polite: int) -> bool:
    """Whether it tells of what did not happen, or may not have; an order says what to write."""
    said = Sentence(sentence.text[polite:], _moved(sentence.parts, polite)).masked
    doubt = _UNSURE.search(said)
    # A doubt after something that did happen is a part of it: "renewed, we almost lost them".
    if doubt is None or _IMPERATIVE.match(said):
        return False
    return not _DID.search(said[: doubt.start()])


def clauses(text: str) -> list[tuple[int, int]]:
    """Where the requests of a message stand, when it may hold several."""
    cuts = [m.span() for m in _CLAUSE.finditer(text)]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)]
    found = [(s, e) for s, e in zip(starts, ends, strict=True)]
    return found if all(len(text[s:e].split()) >= _MIN_CLAUSE_WORDS for s, e in found) else []


def read_all(text: str, parts: tuple[Part, ...], about: Part | None = None) -> list[Reading]:
    """The requests in a message: one, or several where each is clear by itself. A later one that
    names no account is about the account of the one before it."""
    found: list[Reading] = []
    for start, end in clauses(text):
        inside = [part for part in parts if part.start >= start and part.end <= end]
        before = found[-1].account if found else about
        found.append(read(text[start:end], _moved(inside, start), before))
    wanted = {each.frame for each in found}
    if len(found) > 1 and None not in wanted and len(wanted) == len(found):
        return found
    return [read(text, parts, about)]


def interaction_kind(reading: Reading) -> str:
    """The kind of an interaction that the words tell of: "call", "note" where they say none."""
    for kind, pattern in KINDS.items():
        if pattern.search(reading.sentence.masked):
            return kind
    return "note"


def _only_names(sentence: Sentence) -> bool:
    """Whether an account is named and nothing is said of it."""
    words = sentence.masked.split()
    return words.count("@account") == 1 and all(
        w in ("@account", "?", "the", "account") for w in words
    )


def _unused(sentence: Sentence, best: Scored, polite: re.Match[str] | None) -> str:
    used = [*best.used]
    if polite:
        words = len(Sentence(sentence.text[: polite.end()]).masked)
        used.append((0, words))
    return sentence.words_outside(used)


def _moved(parts: tuple[Part, ...] | list[Part], by: int) -> tuple[Part, ...]:
    return tuple(replace(p, start=p.start - by, end=p.end - by) for p in parts if p.start >= by)
