"""What a person chooses for themselves in their App Home: digest, working time, department."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from bot.actions.actor import Actor, audit_action
from bot.actions.touchpoints.routing import own_calendar
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.time.working_hours import WEEK, parse_hours
from db.core.tx import Tx
from db.models import Person


def choose_digest_day(tx: Tx, by: Actor, weekday: int | None, now: datetime) -> None:
    """On which weekday (Monday = 0) the weekly digest comes; None switches it off."""
    if weekday is None:
        _choose(tx, by, now, "digest", digest_off=True)
    else:
        _choose(tx, by, now, "digest", digest_off=False, digest_weekday=weekday)


def choose_digest_hour(tx: Tx, by: Actor, hour: int, now: datetime) -> None:
    _choose(tx, by, now, "digest", digest_hour=hour)


def choose_hours(
    tx: Tx,
    playbook: Playbook,
    person: Person,
    by: Actor,
    now: datetime,
    *,
    opens: str | None = None,
    closes: str | None = None,
) -> None:
    """When nudges may come ("09:00"); what is not given stays. Raises `UserError` when the end is
    not after the beginning."""
    calendar = own_calendar(playbook.calendar(MANAGER), person)
    begin, end = opens or f"{calendar.opens:%H:%M}", closes or f"{calendar.closes:%H:%M}"
    if begin >= end:
        raise UserError(
            f"Working hours from {begin} to {end} would leave no time for a nudge: choose an end "
            "after the beginning."
        )
    parse_hours(f"{begin}-{end}")
    _choose(tx, by, now, "hours", hours=f"{begin}-{end}")


def choose_days(tx: Tx, by: Actor, weekdays: Collection[int], now: datetime) -> None:
    """On which weekdays nudges may come. Raises `UserError` for none at all."""
    if not weekdays:
        raise UserError("Keep at least one working day: without one, no nudge could ever come.")
    _choose(tx, by, now, "days", days=", ".join(WEEK[day] for day in sorted(weekdays)))


def choose_thanks(tx: Tx, by: Actor, named: bool, now: datetime) -> None:
    """Whether the company's digest thanks the person by name."""
    _choose(tx, by, now, "thanks", thanks_off=not named)


def choose_department(tx: Tx, by: Actor, key: str | None, now: datetime) -> None:
    _choose(tx, by, now, "department", department=key)


def _choose(tx: Tx, by: Actor, now: datetime, what: str, **values: str | int | None) -> None:
    tx.execute(update(Person).where(col(Person.user_id) == by.user).values(**values))
    audit_action(tx, f"person:{by.user}", f"person.{what}", by, now, dict(values))
