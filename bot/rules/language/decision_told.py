"""A customer's decision told in passing: "Halcyon renewed, 2 years, signed today"."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from dateutil.relativedelta import relativedelta

from bot.rules.language.cutting import Words, trim
from bot.rules.language.decisions import alternative_name
from bot.rules.language.parts import Part
from bot.rules.language.reading import Reading
from bot.rules.language.spans import find_duration
from bot.rules.playbook.sections import CHOSE_OTHER, CHOSE_US, NONE, RENEWED

_BECAUSE: Final = re.compile(r"\b(?:because|since|due to)\b", re.IGNORECASE)
_UNTIL: Final = ("until", "till", "til", "to")
_RENEWS: Final = re.compile(
    r"\b(?:renews?|renewal|ends?|runs)(?: is| date)?(?: on)?\s*$", re.IGNORECASE
)
#: Other parts stay words: "lost" is a stage too.
_KINDS: Final = ("account", "member", "contact", "day", "amount")
#: Signed: they renewed where that can be, else they chose us.
SIGNED: Final = "signed"
_OTHER: Final = (
    r"(?:(?:an?other|an?|the|their|some) (?:competitor|competition|rival|vendor|provider|supplier|"
    r"company|tool|one)s?\s*[,:(]*\s*)?(?P<alt>[^,;.()!\n]*?)\)?"
    r"(?=\s*(?:$|[,;.()!\n]|because\b|since\b|due to|as they|over\b|instead\b))"
)
_US: Final = r"(?:us|ours)\b"
_OUTCOMES: Final = (
    (CHOSE_US, rf"(?:go|goes|going|went|gone|sign(?:ed|s)?) (?:with|for) {_US}"),
    (CHOSE_US, rf"(?:chose|chosen|choose|picked|selected|bought from) {_US}"),
    (CHOSE_US, r"(?:we|i)(?: have|['’]ve| just)? won(?: them)?\b|^\W*won\b"),
    (
        NONE,
        r"decided (?:against (?:it|us)|not to\b[^,;.]*)|(?:decided to )?(?:chose|choose|doing|do) "
        r"nothing|(?:is|are|pulled|dropped|backed) out\b|no decision",
    ),
    (CHOSE_OTHER, rf"(?:go|goes|going|went|gone) (?:with|for|to) {_OTHER}"),
    (
        CHOSE_OTHER,
        rf"(?:chose|chosen|picked|selected|signed with|bought(?: from)?|switched to|moved to|"
        rf"decided for) {_OTHER}",
    ),
    (
        CHOSE_OTHER,
        rf"(?:(?:\b(?:we|i) )?lost (?:(?:them|it|the deal) )?to|left (?:us )?(?:for|to)) {_OTHER}",
    ),
    (CHOSE_OTHER, r"churned|(?:have |has |they )?left us|(?:we |i )?lost(?: them| the deal)?\b"),
    ("expanded", r"(?:has |have )?(?:expand(?:ed|s)|upgraded)"),
    ("reduced", r"(?:has |have )?(?:reduced|downgraded|downsized)"),
    ("adopted", r"(?:has |have )?adopted(?: it)?"),
    (
        RENEWED,
        r"(?:has |have |they )?(?:just )?(?:renewed|extended|prolonged|stay(?:ed|s|ing)? with us)",
    ),
    (SIGNED, r"(?:has |have |they )?(?:just )?signed"),
)


@dataclass(frozen=True)
class DecisionTold:
    """What they decided; `lasts` is how long the next term is, `until` the words of its end, and
    `signed` those of the day."""

    outcome: str | None
    alternative: str | None = None
    reason: str = ""
    lasts: relativedelta | None = None
    until: Part | None = None
    signed: Part | None = None


def decision_told(reading: Reading, today: date) -> DecisionTold:
    """Reads the sentence; its outcome is None where none is told."""
    kept = [part for part in reading.sentence.parts if part.kind in _KINDS]
    words = Words(reading.text, tuple(kept))
    until, signed = _days(reading, today)
    for day in filter(None, (until, signed)):
        words.take(day)
    lasts = find_duration(words.left)
    if lasts is not None:
        words.left = f"{words.left[: lasts[1]]} {words.left[lasts[2] :]}"
    words.cut(r"@account(?:['’]s?\b)?\s*[:,]?")
    outcome, alternative = _outcome(words)
    if found := words.cut(
        r"\b(?:over|instead of|rather than)\s+(?P<alt>[^,;.!\n]+?)(?=\s*(?:$|[,;.!\n]|because\b))"
    ):
        alternative = alternative or alternative_name(words.typed(found["alt"]))
    words.cut(
        r"[,;]?\s*\b(?:(?:they|and|has|have|it was|just)\s+)*signed(?: it| the (?:contract|"
        r"deal))?\b"
    )
    words.cut(r"\b(?:because(?: of)?|since|due to|as they say)\b:?")
    words.cut(r"^\W*(?:has|have|they|is|are|now)\b(?=\W*$|\s*[,.!])")
    reason = words.text()
    reason = reason if re.search(r"\w{2}", reason) else ""
    return DecisionTold(outcome, alternative, reason, lasts[0] if lasts else None, until, signed)


def _outcome(words: Words) -> tuple[str | None, str | None]:
    for outcome, pattern in _OUTCOMES:
        if found := words.cut(pattern):
            said = found.groupdict().get("alt")
            named = alternative_name(trim(words.typed(said))) if said else None
            if named == "doing nothing":
                return NONE, None
            return outcome, named
    return None, None


def _days(reading: Reading, today: date) -> tuple[Part | None, Part | None]:
    """The day until which they stay, and the day on which they decided; none of the reason's."""
    until, signed = None, None
    because = _BECAUSE.search(reading.text)
    for part in reading.sentence.all("day"):
        found = part.value
        if because and part.start > because.start():
            break
        if found.word in _UNTIL or _RENEWS.search(reading.text[: part.start]):
            until = until or part
        elif found.day and (found.weekday is not None or found.day <= today):
            signed = signed or part
    return until, signed
