"""Finds an account by what a person types: the same name, or one that is spelled nearly so."""

import re
import unicodedata
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Generic, TypeVar

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

Id = TypeVar("Id", bound=Hashable)

#: The same name, alias or slug.
EXACT: Final = 100.0
#: The same but for accents and punctuation: "muller und sohne", "gekko and co".
SAME_LETTERS: Final = 97.0
#: The name begins with these whole words: "acme" for Acme Corporation.
BEGINS: Final = 95.0
#: The words are inside the name: "pope" for Olivia Pope & Associates.
INSIDE: Final = 88.0
#: The last word is not finished: "globex corp", "initec".
UNFINISHED: Final = 86.0
#: Spelling alone never says more than this, so that it cannot outdo a name that holds the words.
SPELLED: Final = 94.0
#: A spelling that fits only the first words of a longer name counts a little less.
FIRST_WORDS: Final = 0.97

#: Below this a name is not worth a "Did you mean …?".
MIN_SCORE: Final = 60.0
#: From here on a single candidate may be taken without asking: one slip in seven letters.
SURE_SCORE: Final = 84.0
#: How far the best must be ahead of the second. BEGINS - UNFINISHED is above it, BEGINS - INSIDE
#: is not: "acme" means Acme Corporation before Acmeville, but The Acme Group is asked about.
CLEAR_MARGIN: Final = 8.0

_NO_QUOTES: Final = str.maketrans("", "", "\"'`´’‘‚‛“”„‟\u00ab\u00bb‹›")
_ASCII_WORDS: Final = str.maketrans({chr(n): " " for n in range(128) if not chr(n).isalnum()})
# A look-up compares some hundred names, some of them three times.
_CACHE_SIZE: Final = 4_096
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_ODD: Final = frozenset("&+'\"`")
_AND: Final = re.compile(r"(?:^|\s)(?:&|\+)(?=\s|$)")


_LEGAL_FORMS: Final = frozenset(
    "inc incorporated ltd limited llc llp lp plc corp corporation co company and gmbh mbh ag kg "
    "kgaa ohg ug ev eg se sa sas sarl sarlu srl spa sl slu bv nv vof oy oyj ab as asa aps is ivs "
    "pty pte pvt sro zoo sp kft lda ltda sadecv kk gesellschaft aktiengesellschaft".split()
)


@dataclass(frozen=True)
class Candidate(Generic[Id]):
    """A name that may be meant; `score` runs from 0 to 100."""

    id: Id
    name: str
    score: float


@lru_cache(maxsize=_CACHE_SIZE)
def key(name: str) -> str:
    """The comparison key, without case, width, runs of spaces, quotes and invisible characters.
    A name of nothing but quotes keeps them: a key is empty only when the name is."""
    visible = name.casefold()
    if not name.isascii():
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
        visible = "".join(c for c in folded if unicodedata.category(c) != "Cf")
    return " ".join(visible.translate(_NO_QUOTES).split()) or " ".join(visible.split())


@lru_cache(maxsize=_CACHE_SIZE)
def slug(name: str) -> str:
    """A name as one word to type: "Müller & Söhne" -> "müller-söhne". Every script is kept."""
    known = key(name)
    if known.isascii():
        kept = known.translate(_ASCII_WORDS)
    else:
        kept = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in known)
    return "-".join(kept.split()) or "-".join(known.split())


@lru_cache(maxsize=_CACHE_SIZE)
def company_key(name: str) -> str:
    """What two names of one company share: no case, accents, punctuation or legal form."""
    words = spelling_key(name.replace(".", "")).split()
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return " ".join(words)


def match_names(words: str, candidates: Sequence[tuple[Id, str]]) -> list[Candidate[Id]]:
    """The candidates, pairs of id and name or alias, that `words` may mean, best first and each
    id once."""
    if not key(words):
        return []
    asked = spelling_key(words)
    best: dict[Id, Candidate[Id]] = {}
    for id_, name in candidates:
        score = _score(words, asked, name)
        if score >= MIN_SCORE and (id_ not in best or score > best[id_].score):
            best[id_] = Candidate(id_, name, score)
    return sorted(best.values(), key=lambda candidate: (-candidate.score, key(candidate.name)))


def clear_winner(candidates: Sequence[Candidate[Id]]) -> Candidate[Id] | None:
    """The first of `match_names`'s answer when it may be taken without asking, else None."""
    if not candidates or candidates[0].score < SURE_SCORE:
        return None
    first = candidates[0]
    second = candidates[1].score if len(candidates) > 1 else 0.0
    if first.score == EXACT:
        return first if second < EXACT else None
    return first if first.score - second >= CLEAR_MARGIN else None


def _score(words: str, asked: str, name: str) -> float:
    if key(words) == key(name) or slug(words) == slug(name):
        return EXACT
    known = spelling_key(name)
    if asked == known:
        return SAME_LETTERS
    if known.startswith(asked + " "):
        return BEGINS
    if f" {asked} " in f" {known} ":
        return INSIDE
    if len(asked) >= 3 and known.startswith(asked):
        return UNFINISHED
    return min(_spelling_score(asked, known), SPELLED)


def _spelling_score(asked: str, known: str) -> float:
    """How near the spelling is, to the whole name or to as many of its first words. Not WRatio: its
    partial ratios find the letters of a short word in any long name, so that "amce" is as near to
    Massive Dynamic as to Acme. OSA counts swapped letters as one slip."""
    first = " ".join(known.split()[: len(asked.split())])
    return max(
        100 * OSA.normalized_similarity(asked, known),
        100 * OSA.normalized_similarity(asked, first) * FIRST_WORDS,
        fuzz.token_sort_ratio(asked, known) * FIRST_WORDS,
    )


def spelling_key(name: str) -> str:
    """What spelling is compared by: the key without accents and punctuation; & and + are "and"."""
    if name.isascii() and _ODD.isdisjoint(name):  # a tenth of the time, and an index has many
        plain = " ".join(name.lower().translate(_ASCII_WORDS).split())
        if plain:
            return plain
    spelled_out = _AND.sub(" and", key(name))
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", spelled_out))
    return slug(unicodedata.normalize("NFC", bare)).replace("-", " ")
