"""The plays that return in each term, and the stage that a coming renewal brings an account to."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from bot.rules.playbook.playbook import Play, Playbook, Stage

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
