"""What a play brings back: the question that Done asks, and a line read as its answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.rules.language.dates import find_days
from bot.rules.language.decisions import DOING_NOTHING, alternative_name
from bot.rules.language.value import read_value
from bot.rules.playbook.sections import Records
from bot.rules.text.money import Money, format_money
from bot.rules.text.words import format_date
from bot.rules.time.calendar import WorkingCalendar

#: Over which time missing lines are asked for.
ONE_WEEK: Final = timedelta(days=7)
#: A line; what needs more is logged.
MAX_TEXT_LENGTH: Final = 300
_DECIDED: Final = re.compile(r"[\s,;(]*\b(?:decide|decided)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Question:
    """How one kind of answer is asked for; `label` is for nudges, `write_down` for lists."""

    title: str
    words: str
    label: str
    placeholder: str
    write_down: str


QUESTIONS: Final[Mapping[Records, Question]] = {
    "value": Question(
        "Record customer value",
        "What did it give them, in their numbers?",
        "Value",
        "6 hours a week saved at the front desk, GBP 18,000 a year",
        "what it gave them, in their numbers",
    ),
    "person": Question(
        "Record a contact",
        "Who, and what do they decide?",
        "Contact",
        "Tom Reed, CFO, decides",
        "who, and what they decide",
    ),
    "alternative": Question(
        "Record an alternative",
        "What else are they looking at?",
        "Alternatives",
        "FlowDesk, cheaper per head",
        "what else they look at",
    ),
    "decision date": Question(
        "Record the decision date",
        "By when do they decide, and who?",
        "They decide",
        "Jane and Tom",
        "by when they decide",
    ),
    "goal": Question(
        "Record a goal",
        "What do they want to reach, by when?",
        "Goal",
        "Cork site, 12 people",
        "their goal, and by when",
    ),
    "risk": Question(
        "Record a risk",
        "What could make them say no?",
        "Risk",
        "Night shift logins down by a third",
        "the risk, in one line",
    ),
    "promise": Question(
        "Record a promise",
        "What did we promise, by when?",
        "Promise",
        "SSO for all their users",
        "what you promised, and by when",
    ),
    "note": Question(
        "Record what they said",
        "What did they say, in one line?",
        "Note",
        "It is how we work now",
        "what they said, in one line",
    ),
}


@dataclass(frozen=True)
class Answer:
    """One written line; what of the rest counts depends on its kind. `who` of the customer said
    so (`contact_id` where picked), `owner` keeps the promise."""

    text: str
    worth: Money | None = None
    confirmed: bool = False
    who: str = ""
    contact_id: int | None = None
    due_on: date | None = None
    owner: str = ""

    def line(self, kind: Records) -> str:
        """The line as nudges and briefs quote it."""
        by = format_date(self.due_on) if self.due_on else ""
        if kind == "value":
            worth = f", {format_money(*self.worth)} a year" if self.worth else ""  # type: ignore[arg-type]
            said = f"confirmed by {self.who or 'them'}" if self.confirmed else "our estimate"
            return f"{self.text}{worth} ({said})"
        if kind == "decision date":
            return f"by {by}: {self.text}" if by else self.text
        if kind in ("goal", "promise") and by:
            return f"{self.text}, by {by}"
        return f"{self.text} (not named)" if self.is_vague(kind) else self.text

    def is_vague(self, kind: Records) -> bool:
        """Whether it leaves open what matters most: who the others are, or by when."""
        if kind == "alternative":
            return alternative_name(self.text) != DOING_NOTHING and not is_named(self.text)
        return kind in ("decision date", "promise") and self.due_on is None


def read_answer(kind: Records, words: str, today: date, currency: str | None) -> Answer:
    """A typed line as an answer of that kind; only an amount named with "worth" counts.
    ValueError with a sentence for an amount that nobody can mean."""
    words = " ".join(words.split()).strip(" ,;:–-")
    if kind == "value":
        got = read_value(words, currency)
        worth = got.worth if got.worth and got.worth.currency else None
        return Answer(got.text or words, worth, got.is_confirmed, got.who or "")
    if kind in ("decision date", "goal", "promise"):
        text, due_on = _split_day(words, today)
        return Answer(text or words, due_on=due_on)
    return Answer(words)


def is_last_of_week(calendar: WorkingCalendar, day: date) -> bool:
    """Whether no working day follows before the week's free days; a Friday where all are work."""
    if not calendar.is_working_day(day) or len(calendar.weekdays) == 7:
        return day.weekday() == 4 and calendar.is_working_day(day)
    following = day + timedelta(days=1)
    while following.weekday() in calendar.weekdays:
        if calendar.is_working_day(following):
            return False
        following += timedelta(days=1)
    return True


def is_named(text: str) -> bool:
    """Whether words name somebody: "FlowDesk, cheaper", not "they look at two rivals"."""
    words = re.findall(r"[^\W\d_][\w&.’'-]*", text)
    has_case = any(word.lower() != word.upper() for word in words)
    return (
        not has_case
        or any(w[0].isupper() for w in words[1:])
        or (bool(words) and words[0][0].isupper() and len(re.split(r"[,;(]", text)[0].split()) <= 2)
    )


def _split_day(words: str, today: date) -> tuple[str, date | None]:
    for found in reversed(find_days(words, today, forward=True)):
        is_led = found.start == 0 or found.word in ("by", "until", "before", "on", "due")
        is_day = found.day and (found.until is None or found.direction == "future")
        if is_led and is_day and found.day and found.day >= today:
            rest = f"{_DECIDED.sub('', words[: found.start])} {words[found.end :]}"
            return " ".join(rest.split()).strip(" ,;:.(–-"), found.day
    return words, None
