"""A manager's or lead's digest: at the top of a morning message, or at the hour they chose."""

from __future__ import annotations

from bot.actions.digests.done import gather_done
from bot.actions.digests.escalations import list_untaken
from bot.actions.digests.portfolio import gather_portfolio
from bot.actions.digests.scopes import person_week
from bot.actions.touchpoints.routing import member_calendar
from bot.actions.work import Work
from bot.messages.digests import personal as messages
from bot.messages.digests.rows import opens
from bot.messages.kit.message import Message
from bot.rules.digests import morning_of_week, week_began
from bot.rules.playbook.playbook import MANAGER
from db.core import workspaces
from db.digests import readers
from db.members import members
from db.models import Member
from db.workspace import departments


def list_readers(work: Work) -> list[Member]:
    """Everybody who gets a digest: who manages an account or leads a department."""
    leads = departments.leads(work.tx, work.playbook)
    return readers.list_readers(work.tx, leads)


def personal_parts(work: Work, user_id: str, *, cover_for: bool = False) -> Message | None:
    """The digest that heads the person's morning message today; None on other days, for who
    chose an hour or wants none, and where there is nothing to tell.

    `cover_for` writes it to whoever covers for the person.
    """
    person = members.by_user_id(work.tx, user_id)
    if person is None or person.digest_off or person.digest_hour is not None:
        return None
    calendar = member_calendar(work.playbook.calendar(MANAGER), person)
    began = week_began(work.now, calendar.zone)
    workspace = workspaces.current(work.tx)
    if workspace is None or workspace.created_at >= began:
        return None  # there is no week to look back on
    day = morning_of_week(calendar, calendar.local_date(began), person.digest_weekday)
    if day != calendar.local_date(work.now):
        return None
    return personal_digest(work, user_id, cover_for=cover_for)


def personal_digest(work: Work, user_id: str, *, cover_for: bool = False) -> Message | None:
    """The person's digest as of now; None where there is nothing to tell."""
    within = person_week(work, user_id)
    name = readers.display_names(work.tx, [user_id]).get(user_id, "Their") if cover_for else None
    digest = messages.PersonalDigest(
        today=within.span.today,
        opens=opens(f"manager:{user_id}", within.span.since, within.span.now),
        portfolio=gather_portfolio(within, messages.MAX_AT_RISK),
        done=gather_done(within),
        untaken=list_untaken(work, user_id),
        whose=name,
    )
    return messages.personal_digest(digest) if digest else None
