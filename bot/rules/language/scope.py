"""What narrows a question down: whose, on which days, only what is late, of which tier."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.rules.language.dates import FoundDay, find_days
from bot.rules.language.reading import Reading

_OWN = re.compile(r"(?<!\S)(?:my|mine|i|ill|im|ive|myself|(?:for|on|of) me)(?!\S)")
_OURS = re.compile(r"(?<!\S)(?:our|ours|we|us)(?!\S)")
_LATE = re.compile(r"(?<!\S)(?:overdue|over due|past due|late|behind|missed|slipped|passed)(?!\S)")
_TIER = re.compile(r"(?<!\S)(?:tier (?P<after>\S+)|(?P<before>[a-d]) (?:tier|accounts|customers))")
_UP_TO = ("by", "until", "till", "before", "due", "no later than")
_FROM_ON = ("since", "from", "after", "starting")


@dataclass(frozen=True)
class Scope:
    """`user` and `department` say whose, `is_ours` that "we" were meant. `since` and `until` are
    the first and the last day, `when` their words."""

    user: str | None = None
    department: str | None = None
    is_ours: bool = False
    since: date | None = None
    until: date | None = None
    when: str = ""
    is_late: bool = False
    tier: str | None = None


def scope_of(reading: Reading, speaker: str, today: date, *, forward: bool) -> Scope:
    """What a question is narrowed by; its days lie ahead, or back."""
    said, person = reading.sentence.masked, reading.part("member")
    department, tier = reading.part("department"), _TIER.search(said)
    found = next(
        (each for each in find_days(reading.text, today, forward=forward) if _is_span(each)), None
    )
    since, until = _ends(found, today, forward) if found else (None, None)
    own = speaker if _OWN.search(said) else None
    return Scope(
        user=person.value if person else own,
        department=str(department.value) if department else None,
        is_ours=bool(_OURS.search(said)),
        since=since,
        until=until,
        when=reading.text[found.start : found.end] if found else "",
        is_late=bool(_LATE.search(said)),
        tier=(tier["after"] or tier["before"]).upper() if tier else None,
    )


def _is_span(found: FoundDay) -> bool:
    return found.day is not None and not found.is_weak


def _ends(found: FoundDay, today: date, forward: bool) -> tuple[date | None, date | None]:
    """ "by Friday" is from today to Friday, "since Monday" from Monday to today."""
    day = found.day
    if found.word == "before" and day is not None and forward:
        return today, day - timedelta(days=1)
    if found.until is not None:
        return day, found.until
    if found.word in _UP_TO:
        return (today if forward else None), day
    if found.word in _FROM_ON:
        return day, (None if forward else today)
    return day, day
