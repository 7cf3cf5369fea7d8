"""What a person chooses for themselves in their App Home: digest, working time, department."""

from collections.abc import Collection

from sqlalchemy import update
from sqlmodel import col

from bot.actions.audit import audit_action
from bot.actions.touchpoints.routing import member_calendar
from bot.actions.work import Work
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.working_hours import WEEK, parse_hours
from db.models import Member


def choose_digest_day(work: Work, weekday: int | None) -> None:
    """On which weekday (Monday = 0) the weekly digest comes; None switches it off."""
    if weekday is None:
        save_choice(work, "digest", digest_off=True)
    else:
        save_choice(work, "digest", digest_off=False, digest_weekday=weekday)


def choose_hours(
    work: Work, person: Member, *, opens: str | None = None, closes: str | None = None
) -> None:
    """When nudges may come ("09:00"); None leaves it as it is. Raises `UserError` when the end is
    not after the beginning."""
    calendar = member_calendar(work.playbook.calendar(MANAGER), person)
    begin, end = opens or f"{calendar.opens:%H:%M}", closes or f"{calendar.closes:%H:%M}"
    if begin >= end:
        raise UserError(
            f"Working hours from {begin} to {end} would leave no time for a nudge: choose an end "
            "after the beginning."
        )
    parse_hours(f"{begin}-{end}")
    save_choice(work, "hours", hours=f"{begin}-{end}")


def choose_days(work: Work, weekdays: Collection[int]) -> None:
    """On which weekdays nudges may come. Raises `UserError` for none at all."""
    if not weekdays:
        raise UserError("Keep at least one working day: without one, no nudge could ever come.")
    save_choice(work, "days", days=", ".join(WEEK[day] for day in sorted(weekdays)))


def choose_thanks(work: Work, named: bool) -> None:
    """Whether the company's digest thanks the person by name."""
    save_choice(work, "thanks", thanks_off=not named)


def choose_department(work: Work, key: str | None) -> None:
    """Which department the person belongs to."""
    save_choice(work, "department", department=key)


def save_choice(work: Work, what: str, **values: str | int | None) -> None:
    """Saves columns of the acting person, audited as "person.`what`"."""
    work.tx.execute(update(Member).where(col(Member.user_id) == work.by.user).values(**values))
    audit_action(work, f"person:{work.by.user}", f"person.{what}", dict(values))
