"""What people type after `/decision acme`: how it went, why, over whom, until when."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta
from rapidfuzz import fuzz, process

from bot.rules.language.dates import find_days
from bot.rules.language.spans import find_duration
from bot.rules.playbook.sections import CHOSE_OTHER, CHOSE_US, NONE, OUTCOMES, RENEWED

#: Other words for the same; the longest that fits counts.
_SAME_AS: Final = {
    "renew": RENEWED, "renews": RENEWED, "renewal": RENEWED, "stayed": RENEWED,
    "expand": "expanded", "expands": "expanded", "expansion": "expanded",
    "reduce": "reduced", "reduces": "reduced", "downgraded": "reduced",
    "adopt": "adopted", "adopts": "adopted",
    "choose us": CHOSE_US, "chooses us": CHOSE_US, "chosen us": CHOSE_US, "won": CHOSE_US,
    "signed": CHOSE_US, "bought": CHOSE_US,
    "choose other": CHOSE_OTHER, "chose another": CHOSE_OTHER, "chose others": CHOSE_OTHER,
    "chose somebody else": CHOSE_OTHER, "chose someone else": CHOSE_OTHER, "lost": CHOSE_OTHER,
    "left": CHOSE_OTHER, "churned": CHOSE_OTHER,
    "no decision": NONE, "chose none": NONE, "chose nothing": NONE, "nothing": NONE,
    "chose doing nothing": NONE,
}  # fmt: skip
_WORDS: Final = {**{one: one for one in OUTCOMES}, **_SAME_AS}
_BEGINS: Final = re.compile(
    rf"(?P<said>{'|'.join(sorted(map(re.escape, _WORDS), key=len, reverse=True))})(?![\w-])",
    re.IGNORECASE,
)
_CHOSE_SOMEBODY: Final = re.compile(r"(?:chose|chooses|went with|picked)\s+", re.IGNORECASE)
_CONSIDERS: Final = re.compile(
    r"(?:also )?(?:considers?|considering|looks? at|looking at|weighs?|compares?)\s+", re.IGNORECASE
)
_BECAUSE: Final = re.compile(r"(?:^|\s)because(?:\s+|$)", re.IGNORECASE)
_OVER: Final = re.compile(r"(?:^|[\s,;]+)(?:over|instead of)\s+", re.IGNORECASE)
_TO: Final = re.compile(r"^to\s+", re.IGNORECASE)
#: A nearer day behind a reason belongs to it: "because they stay until Friday".
_NEXT_TERM: Final = timedelta(days=60)
_UNTIL: Final = re.compile(r"(?:^|[\s,;]+)(?:until|till|renews on|renews)\s+", re.IGNORECASE)
#: "they won over their CFO", "it went over budget": no alternative follows.
_NOT_OVER: Final = frozenset(
    "won win wins get got gets take took takes hand handed hands all carried moved went go goes "
    "came come think talk talked spread is was are were roll rolled".split()
)
_NO_NAME: Final = frozenset("the their our his her its a an this that budget time lunch".split())
_MAX_NAME_WORDS: Final = 4
DOING_NOTHING: Final = "doing nothing"


@dataclass(frozen=True)
class DecisionText:
    """What was typed: `outcome` is None where none was found, `extra` is in the way."""

    outcome: str | None = None
    reason: str | None = None
    alternative: str | None = None
    until: str | None = None
    length: relativedelta | None = None  # of the next term: "renewed for 2 years"
    considers: tuple[str, ...] = ()
    extra: str = ""


def read_decision(words: str, today: date, dated: Collection[str] = OUTCOMES) -> DecisionText:
    """Reads `OUTCOME [until DATE] [because …] [over ALTERNATIVE]`, the last two in any order. The
    date may also come last; it is looked for there with the outcomes `dated`."""
    text = words.strip()
    if match := _CONSIDERS.match(text):
        ways = re.split(r"\s*[,;]\s*|\s+and\s+", text[match.end() :].strip(" ."))
        return DecisionText(considers=tuple(filter(None, map(alternative_name, ways))))
    outcome, rest, chosen = _split_outcome(text)
    if outcome == CHOSE_OTHER:  # "chose other: Initech"
        rest = re.sub(r"^:\s*", "to ", rest)
    if outcome is None:
        return DecisionText(extra=text)
    rest, until = _split_date(rest, today, outcome in dated)
    rest, reason = _split_at(_BECAUSE, rest)
    rest, over = _split_at(_OVER, rest)
    alternative = alternative_name(over)
    if reason and alternative is None:
        reason, alternative = _alternative_in_reason(reason)
    rest, length = _split_length(rest)
    if match := _UNTIL.search(rest):
        rest, until = rest[: match.start()], rest[match.end() :].strip(" .")
    if outcome == CHOSE_OTHER and (match := _TO.match(rest)):
        chosen, rest = rest[match.end() :], ""
    # Who they chose is what they decided against us for, whatever else they looked at.
    named = alternative_name(chosen) or alternative
    extra = rest.strip(" ,;.")
    return DecisionText(outcome, reason or None, named, until, length, extra=extra)


def suggest_outcome(words: str) -> tuple[str, str] | None:
    """The outcome that is spelled most like the first words, if any is, and what follows it."""
    said = words.split()
    firsts = [" ".join(said[:length]).casefold() for length in (2, 1)]
    near = [
        process.extractOne(first, _WORDS.keys(), scorer=fuzz.ratio, score_cutoff=70)
        for first in firsts
    ]
    best = max(filter(None, near), key=lambda found: found[1], default=None)
    if best is None:
        return None
    return _WORDS[best[0]], " ".join(said[2 - near.index(best) :])


def _split_outcome(text: str) -> tuple[str | None, str, str]:
    """The outcome, what follows it, and whom they chose by name."""
    if match := _BEGINS.match(text):
        return _WORDS[match["said"].casefold()], text[match.end() :].strip(), ""
    if match := _CHOSE_SOMEBODY.match(text):
        rest = text[match.end() :]
        end = min(
            (m.start() for sign in (_BECAUSE, _OVER, _UNTIL) if (m := sign.search(rest))),
            default=len(rest),
        )
        if alternative_name(rest[:end]) == DOING_NOTHING:
            return NONE, rest[end:].strip(), ""
        if rest[:end].strip():
            return CHOSE_OTHER, rest[end:].strip(), rest[:end]
    return None, text, ""


def _split_date(text: str, today: date, is_dated: bool) -> tuple[str, str | None]:
    """The words before the date at the very end that the next term ends on, and that date."""
    text = text.rstrip(" .!")
    last = next(reversed(find_days(text, today, forward=True)), None)
    if last is None or last.end < len(text) or last.word not in ("until", "to"):
        return text, None
    day = last.day or min(last.readings, default=today)
    as_in_examples = text.endswith(f"until {day}")
    if not as_in_examples and not (is_dated and day - today >= _NEXT_TERM):
        return text, None
    return text[: last.start].rstrip(" ,;"), text[last.start :].split(None, 1)[1]


def _split_length(text: str) -> tuple[str, relativedelta | None]:
    """The words without "for two years", and how long that is."""
    found = find_duration(text)
    return (text[: found[1]] + text[found[2] :], found[0]) if found else (text, None)


def _split_at(sign: re.Pattern[str], text: str) -> tuple[str, str]:
    """What stands before the sign, and what after it; nothing after it where it is not there."""
    match = sign.search(text)
    return (text[: match.start()], text[match.end() :].strip()) if match else (text, "")


def _alternative_in_reason(reason: str) -> tuple[str, str | None]:
    """ "because it is quicker over Initech": the last "over" of a reason, where a name follows."""
    ways = list(_OVER.finditer(reason))
    if not ways:
        return reason, None
    last = ways[-1]
    before, name = reason[: last.start()].split(), reason[last.end() :].strip(" .!")
    few = 0 < len(name.split()) <= _MAX_NAME_WORDS
    is_name = few and name.split()[0].casefold() not in _NO_NAME and not name[0].isdigit()
    if not before or before[-1].casefold() in _NOT_OVER or not is_name:
        return reason, None
    return " ".join(before), alternative_name(name)


def alternative_name(words: str) -> str | None:
    """An alternative's name; doing nothing is one of them, however it is said."""
    name = " ".join(words.split()).strip(" .,;!\"'“”\u00ab\u00bb")
    said = name.casefold()
    if said in ("nothing", "doing nothing", "do nothing", "leaving it", "leaving it as it is"):
        return DOING_NOTHING
    return name or None
