"""What people type after `/decision acme`: how it went, why, over whom, until when."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

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
#: Behind the reason only a date as in examples counts: people write "until" in reasons.
_UNTIL_AT_END: Final = re.compile(r"[\s,;]+until\s+(\d{4}-\d\d-\d\d)[.!]?$", re.IGNORECASE)
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
    considers: tuple[str, ...] = ()
    extra: str = ""


def read_decision(words: str) -> DecisionText:
    """Reads `OUTCOME [until DATE] [because …] [over ALTERNATIVE]`, the last two in any order.

    "until 2028-03-31" may also come last.
    """
    text = words.strip()
    if match := _CONSIDERS.match(text):
        ways = re.split(r"\s*[,;]\s*|\s+and\s+", text[match.end() :].strip(" ."))
        return DecisionText(considers=tuple(filter(None, map(alternative_name, ways))))
    until = None
    if match := _UNTIL_AT_END.search(text):
        text, until = text[: match.start()], match[1]
    outcome, rest, chosen = _split_outcome(text)
    if outcome is None:
        return DecisionText(extra=text)
    rest, reason = _split_at(_BECAUSE, rest)
    rest, over = _split_at(_OVER, rest)
    alternative = alternative_name(over)
    if reason and alternative is None:
        reason, alternative = _alternative_in_reason(reason)
    if match := _UNTIL.search(rest):
        rest, until = rest[: match.start()], rest[match.end() :].strip(" .")
    if outcome == CHOSE_OTHER and (match := _TO.match(rest)):
        chosen, rest = rest[match.end() :], ""
    # Who they chose is what they decided against us for, whatever else they looked at.
    named = alternative_name(chosen) or alternative
    return DecisionText(outcome, reason or None, named, until, extra=rest.strip(" ,;."))


def suggest_outcome(words: str) -> str | None:
    """The outcome that is spelled most like the first words, if any is."""
    first = words.casefold().split()
    for length in (2, 1):
        near = get_close_matches(" ".join(first[:length]), _WORDS, 1, 0.7)
        if near:
            return _WORDS[near[0]]
    return None


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
