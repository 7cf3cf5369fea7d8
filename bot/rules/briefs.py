"""Which brief of a renewal is due on a day, and which stage's decision it is about."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from bot.rules.decisions import is_redecision
from bot.rules.playbook.playbook import Playbook


def due_brief(days_left: int, days_before: Sequence[int]) -> int | None:
    """The brief nearest to the renewal whose day has come; None before the first. With 90, 60,
    30: at 75 days that of 90, at 60 days that of 60."""
    return min((days for days in days_before if 0 < days_left <= days), default=None)


def brief_windows(today: date, days_before: Sequence[int]) -> Iterator[tuple[int, date, date]]:
    """(days before, first and last renewal date) of the accounts for which that brief is due."""
    nearer = 0
    for days in sorted(days_before):
        yield days, today + timedelta(days=nearer + 1), today + timedelta(days=days)
        nearer = days


def renewal_stage(playbook: Playbook, stage_key: str) -> str:
    """The stage whose decision a renewal is: this one if it decides again, else the one that
    accounts enter before a renewal, else the first that decides again, else this one."""
    if is_redecision(playbook, stage_key):
        return stage_key
    entered = (stage.key for stage in playbook.stages if stage.enter is not None)
    deciding = (stage.key for stage in playbook.stages if is_redecision(playbook, stage.key))
    return next(entered, None) or next(deciding, stage_key)
