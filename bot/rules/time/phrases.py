"""The phrases for times in a playbook: "2 business days after entry", "every 30 days"."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, Literal

from dateutil.relativedelta import relativedelta

Unit = Literal["business days", "days", "weeks", "months", "hours"]
Kind = Literal[
    "after entry",
    "on entry",
    "every",
    "after term start",
    "every after term start",
    "before renewal",
    "after renewal",
]

_UNITS: Final[tuple[Unit, ...]] = ("business days", "days", "weeks", "months", "hours")

#: About how many days one of each lasts; for comparing durations, never for computing dates.
_ROUGH_DAYS: Final = dict(zip(_UNITS, (1.4, 1, 7, 30.4, 0.125), strict=True))


@dataclass(frozen=True)
class Duration:
    """`count` of a unit; `str()` gives the phrase back ("2 business days", "1 week")."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count} {self.unit[:-1] if self.count == 1 else self.unit}"

    @property
    def rough_days(self) -> float:
        """About how long, to compare two durations by; never to compute a date with."""
        return self.count * _ROUGH_DAYS[self.unit]

    @property
    def delta(self) -> relativedelta:
        """The same in calendar days, weeks or months; not for business days and hours."""
        if self.unit == "months":
            return relativedelta(months=self.count)
        return relativedelta(days=self.count * (7 if self.unit == "weeks" else 1))


@dataclass(frozen=True)
class Due:
    """When a play is due; `str()` gives the phrase back. Only "on entry" has no duration."""

    kind: Kind
    duration: Duration | None = None

    def __str__(self) -> str:
        if self.duration is None:
            return self.kind
        if self.kind == "every after term start":
            return f"every {self.duration} after term start"
        return f"every {self.duration}" if self.recurs else f"{self.duration} {self.kind}"

    @property
    def recurs(self) -> bool:
        """Whether another occurrence follows when one ends."""
        return self.kind in ("every", "every after term start")

    @property
    def of_term(self) -> bool:
        """Whether it is planned for every customer in each term, whatever the stage."""
        return self.kind in ("after term start", "every after term start", "before renewal")

    @property
    def needs_renewal(self) -> bool:
        """Whether it cannot be computed without the account's renewal date."""
        return self.kind in ("before renewal", "after renewal")


#: Ten years; longer durations are typing mistakes, and dates have an end.
_MAX_DAYS: Final = 3660
_DIGITS: Final = 5
_COUNTED_KINDS: Final[tuple[Kind, ...]] = (
    "after entry",
    "after term start",
    "before renewal",
    "after renewal",
)
_DURATIONS: Final = tuple(f"N {unit}" for unit in _UNITS)
_DUES: Final = (
    "on entry",
    *(f"N {unit} after entry" for unit in _UNITS[:4]),
    *(f"every N {unit}" for unit in _UNITS[1:4]),
    *(f"{every}N {unit} after term start" for unit in _UNITS[1:4] for every in ("", "every ")),
    *(f"N {unit} {when} renewal" for unit in _UNITS[1:4] for when in ("before", "after")),
)


_COUNTED: Final = re.compile(r"(\d+)\s+(business\s+days?|days?|weeks?|months?|hours?)")
_EXAMPLES: Final = (
    '"on entry", "2 business days after entry", "every 30 days" or "60 days before renewal"'
)
#: Words that people write for the ones the playbook knows.
_SAYINGS: Final[tuple[tuple[str, str], ...]] = (
    (r"\b(?:working|work|week|bank)[\s-]?days?\b|\bbusiness-days?\b", "business days"),
    (r"\b(?:an?|one)\b", "1"),
    (r"\btwo\b", "2"),
    (r"\bthree\b", "3"),
    (r"\bfour\b", "4"),
    (r"\bsix\b", "6"),
    (r"\bafter (?:the )?(?:entering|start|stage entry|entered)\b", "after entry"),
    (r"\bafter the entry\b", "after entry"),
    (r"\b(before|after) (?:the )?renewal(?: date)?\b", r"\1 renewal"),
    (r"\b(?:at|upon|at the) entry\b|\bimmediately\b|\bat once\b|\bnow\b", "on entry"),
    (r"^daily$", "every 1 day"),
    (r"^weekly$", "every 1 week"),
    (r"^monthly$", "every 1 month"),
    (r"^(?:quarterly|every quarter)$", "every 3 months"),
    (r"^(?:yearly|annually|every year)$", "every 12 months"),
    (r"^every (day|week|month)$", r"every 1 \1"),
    (r"\bevery other (day|week|month)\b", r"every 2 \1s"),
    (r"\b1 quarters?\b", "3 months"),
    (r"\b1 years?\b", "12 months"),
    (r"\b2 years\b", "24 months"),
    (r"\bbusiness (days?) (before|after) renewal$", r"\1 \2 renewal"),
)


def parse_duration(phrase: str) -> Duration:
    """A Duration from "2 business days", "1 week"; ValueError says what would be right."""
    if (duration := _parse_duration(_normalise(phrase))) is not None:
        return duration
    near = _suggest_phrase(phrase, _DURATIONS)
    hint = f'did you mean "{near}"?' if near else 'write one like "2 business days" or "1 week".'
    raise ValueError(f'"{phrase}" is no length of time, {hint}')


def parse_due(phrase: str) -> Due:
    """A Due from a phrase of the playbook; ValueError with one sentence that says what is right.

    `on entry` · `N business days|days|weeks|months after entry` · `every N days|weeks|months` ·
    `[every] N days|weeks|months after term start` · `N days|weeks|months before|after renewal`
    """
    if (due := _parse_due(_normalise(phrase))) is not None:
        return due
    near = _suggest_phrase(phrase, _DUES)
    hint = f'did you mean "{near}"?' if near else f"write {_EXAMPLES}."
    raise ValueError(f'due "{phrase}" is not understood, {hint}')


def _normalise(phrase: str) -> str:
    return " ".join(phrase.casefold().split())


def _parse_duration(text: str) -> Duration | None:
    match = _COUNTED.fullmatch(text)
    if match is None or len(match[1]) > _DIGITS:
        return None
    unit = next(unit for unit in _UNITS if unit.startswith(" ".join(match[2].split())))
    duration = Duration(int(match[1]), unit)
    return duration if duration.count and duration.rough_days <= _MAX_DAYS else None


def _parse_due(text: str) -> Due | None:
    """The due phrase, when its unit goes with it: only entry is counted in business days."""
    if text == "on entry":
        return Due("on entry")
    kinds = (kind for kind in _COUNTED_KINDS if text.endswith(f" {kind}"))
    kind: Kind | None = next(kinds, None)
    if text.startswith("every "):
        recurring: dict[Kind | None, Kind] = {
            None: "every",
            "after term start": "every after term start",
        }
        kind = recurring.get(kind)
    if kind is None:
        return None
    end = kind.removeprefix("every").strip()
    duration = _parse_duration(text.removeprefix("every ").removesuffix(f" {end}"))
    if duration is None or duration.unit == "hours":
        return None
    if duration.unit == "business days" and kind != "after entry":
        return None
    return Due(kind, duration)


def _suggest_phrase(phrase: str, known: tuple[str, ...]) -> str | None:
    text = _normalise(phrase)
    for saying, right in _SAYINGS:
        text = re.sub(saying, right, text)
    number = re.search(r"\d+", text)
    if number and len(number[0]) > _DIGITS:
        return None
    n = int(number[0]) if number else 1
    if known is _DUES and n == 0:
        return "on entry"
    if known is _DUES and "hour" in text:
        return None
    shape = re.sub(r"\d+", "N", text, count=1)
    near = get_close_matches(shape, known, 1, 0.72)
    if not near or ("N" in near[0] and number is None):
        return None
    right = near[0].replace("N", str(n or 1))
    return str(_parse_due(right) or _parse_duration(right) or "") or None
