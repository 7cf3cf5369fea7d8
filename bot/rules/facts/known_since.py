"""Known since: what lies before an account was added or imported is not known, and no sentence says
"none" for it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.rules.time.calendar import WorkingCalendar


@dataclass(frozen=True)
class DaysInStage:
    """The days since an account entered its stage, or (`at_least`) since it is known there."""

    count: int
    at_least: bool = False


def known_from(began: date, known_since: date) -> date | None:
    """The day from which on something is known that began before; None when it began later."""
    return known_since if began < known_since else None


def days_in_stage(calendar: WorkingCalendar, account: Any, now: Any) -> DaysInStage:
    """The days of an account, or a row with its two times, in its stage, by that calendar."""
    times = account.stage_entered_at, account.created_at, now
    entered, known, today = map(calendar.local_date, times)
    return DaysInStage(max(0, (today - max(entered, known)).days), entered < known)
