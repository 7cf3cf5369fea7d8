"""A customer's terms, each from one decision for us to the next."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from bot.rules.playbook.playbook import Play, Playbook, Stage

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


#: From so long before a renewal the rhythms of a term ask nothing of the customer.
PAUSE: Final = timedelta(days=90)


def term_plays(playbook: Playbook) -> Iterator[tuple[str, Play]]:
    """(stage's key, play) of the plays of the term, in the order of the file."""
    for stage in playbook.stages:
        for play in stage.plays:
            if play.due.of_term:
                yield stage.key, play


def assumed_renewal(began_on: date, known_on: date) -> date:
    """The renewal of a term without a date: its first anniversary after the account was known."""
    years = 1
    while (renewal := began_on + relativedelta(years=years)) <= known_on:
        years += 1
    return renewal


def pause_day(play: Play, renewal: date) -> date | None:
    """From which day on a rhythm of the term pauses; None if it never does."""
    return renewal - PAUSE if play.contacts_customer else None


def stage_to_enter(
    playbook: Playbook, stage_key: str, renewal: date, began_on: date | None, today: date
) -> Stage | None:
    """The stage that an account in a term enters by itself now, the last whose day has come;
    None if it stays, as until half of a term that began on a known day is over."""
    if renewal < today or (began_on is not None and today < began_on + (renewal - began_on) / 2):
        return None
    days = [(day, stage) for stage in playbook.stages if (day := enter_day(stage, renewal))]
    due = [(day, stage) for day, stage in days if day <= today]
    target = max(due, key=lambda each: each[0])[1] if due else None
    return None if target is None or target.key == stage_key else target


def enter_day(stage: Stage, renewal: date) -> date | None:
    """The day on which accounts with that renewal come into a stage by themselves."""
    if stage.enter is None or stage.enter.duration is None:
        return None
    return renewal - stage.enter.duration.delta
