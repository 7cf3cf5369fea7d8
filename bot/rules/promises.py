"""When the owner of a promise is nudged, and whether the promise is kept, late or overdue."""

from datetime import date, datetime, timedelta
from typing import Final, Literal

from bot.rules.time.calendar import WorkingCalendar
from bot.rules.time.phrases import Duration

PromiseStatus = Literal["open", "overdue", "kept", "late", "broken", "dropped"]
Consent = Literal["agreed", "told", "unknown"]

#: What the customer says about a new date, as messages put it.
CONSENTS: Final[dict[Consent, str]] = {
    "agreed": "they agreed",
    "told": "they know",
    "unknown": "they do not know yet",
}
_DAY: Final = timedelta(days=1)


def nudge_time(
    due_on: date, notice: Duration, calendar: WorkingCalendar, now: datetime
) -> datetime:
    """When its owner is nudged: the opening of the working day `notice` before the last one by
    which it can be kept; for a nearer day the next opening from `now` on."""
    day = calendar.on_or_before(due_on)
    if notice.unit == "business days":
        for _ in range(notice.count):
            day = calendar.on_or_before(day - _DAY)
    elif notice.unit != "hours":
        day = calendar.on_or_before(day - notice.delta)
    return calendar.next_open(max(calendar.opening(day), now))


def read_consent(word: str) -> Consent:
    """A stored word as a consent; "unknown" for another word."""
    return next((known for known in CONSENTS if known == word), "unknown")


def promise_status(state: str, ended_on: date, due_on: date, today: date) -> PromiseStatus:
    """The status of a promise by its touchpoint's `state` and `ended_on`, in its owner's days."""
    match state:
        case "done":
            return "kept" if ended_on <= due_on else "late"
        case "skipped":
            return "broken"
        case "cancelled":
            return "dropped"
    return "overdue" if today > due_on else "open"
