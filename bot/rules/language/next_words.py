"""What people type after `/next`: whose, overdue or later, on which days."""

import re
from dataclasses import dataclass
from datetime import date

from bot.rules.language.dates import find_days

_OVERDUE = re.compile(r"\b(?:overdue|over due|past due|late)\b", re.IGNORECASE)
_FILLER = re.compile(r"^(?:what is|what's|is|due|for|at|by|with)\b|\b(?:due|for|at|by|with)$", re.I)


@dataclass(frozen=True)
class NextWords:
    """`subject` is whose; `since` and `until` are the first and last day, `when` their words."""

    subject: str = ""
    is_overdue: bool = False
    when: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def which(self) -> str:
        """What narrows it down, as it is typed again."""
        return f"{'overdue ' if self.is_overdue else ''}{self.when}".strip()


def read_next(words: str, today: date) -> NextWords:
    """Reads `WHOSE [overdue] [DAY]` in any order; of days that are going on, what is late too."""
    days = [
        each
        for each in find_days(words, today, forward=True)
        if each.day and not each.is_weak and (each.start == 0 or each.end == len(words.rstrip()))
    ]
    when, since, until = "", None, None
    if days:
        found = days[-1]
        assert found.day is not None
        when, until = words[found.start : found.end], found.until or found.day
        since = None if found.day <= today else found.day
        words = f"{words[: found.start]} {words[found.end :]}"
    left = _OVERDUE.sub(" ", words)
    subject = " ".join(left.split())
    while (bare := _FILLER.sub("", subject).strip()) != subject:
        subject = bare
    return NextWords(subject, left != words, when, since, until)
