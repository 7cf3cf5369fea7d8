"""A customer's terms, each from one decision for us to the next."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from bot.rules.playbook.playbook import Playbook

_ONBOARDING: Final = "onboarding"
_YEAR: Final = relativedelta(years=1)
#: A deal that is won sooner after a term began is more of the same, and no new decision for us: a
#: wholesaler orders every week. Contracts of half a year may be signed a month before they end.
_SAME_TERM_WINDOW: Final = timedelta(days=150)


def first_stage(playbook: Playbook) -> str:
    """The stage that begins a term: the playbook's, else onboarding, else the second stage."""
    staying = [stage.key for stage in playbook.stages if not stage.exit]
    named = playbook.terms.begins
    if named in staying:
        return named
    return _ONBOARDING if _ONBOARDING in staying else staying[:2][-1]


def is_customer(playbook: Playbook, stage_key: str) -> bool:
    """Whether an account in that stage is in a term: at its first stage or later, at no exit."""
    keys = [stage.key for stage in playbook.stages]
    first = keys.index(first_stage(playbook))
    return any(stage.key == stage_key and not stage.exit for stage in playbook.stages[first:])


def next_renewal(
    renews_on: date | None, *, earlier: Sequence[date], began_on: date, today: date
) -> date:
    """The renewal after `renews_on` (else `began_on`): the same day a year on, in the future; 29
    February again in leap years, by the `earlier` dates."""
    anchor = renews_on or began_on
    if (anchor.month, anchor.day) == (2, 28):
        anchor = next((day for day in earlier if (day.month, day.day) == (2, 29)), anchor)
    years = (renews_on or began_on).year - anchor.year + 1
    while (renewal := anchor + relativedelta(years=years)) <= today:
        years += 1
    return renewal


def term_start_dates(won: Iterable[date]) -> list[date]:
    """When a customer's terms began, by its won deals: the first, and each that renews."""
    begun: list[date] = []
    for day in sorted(won):
        if not begun or day - begun[-1] >= _SAME_TERM_WINDOW:
            begun.append(day)
    return begun


def growth_check_time(began_at: datetime, renews_on: date | None) -> datetime:
    """When two thirds of a term are over; a term without a later renewal date lasts a year."""
    end = datetime.combine(renews_on, time(), UTC) if renews_on else began_at
    end = end if end > began_at else began_at + _YEAR
    return began_at + (end - began_at) * 2 / 3
