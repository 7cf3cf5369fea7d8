"""Loads what a person has chosen for themselves, behind the Settings button of their Home."""

from __future__ import annotations

from bot.actions.members.away import absence_view
from bot.actions.touchpoints.routing import member_calendar
from bot.actions.work import Work
from bot.messages.digests.times import comes_text
from bot.messages.home.settings import Settings
from bot.messages.members.away import Absence
from bot.rules.playbook.playbook import MANAGER
from db.members import away
from db.models import Member
from db.workspace import departments


def load_settings(work: Work, person: Member) -> Settings:
    """What a person has chosen, or what holds as long as they have not."""
    calendar = member_calendar(work.playbook.calendar(MANAGER), person)
    comes = comes_text(person.digest_weekday, person.digest_hour, calendar)
    return Settings(
        digest_off=person.digest_off,
        digest_weekday=person.digest_weekday,
        digest_hour=person.digest_hour,
        opens=calendar.opens,
        closes=calendar.closes,
        weekdays=calendar.weekdays,
        zone=calendar.zone.key,
        department=departments.of_member(work.tx, work.playbook, person),
        departments=[(key, each.name) for key, each in work.playbook.departments.items()],
        stamp=str(int(work.now.timestamp() * 1000)),
        thanked=not person.thanks_off,
        digest_comes="" if person.digest_off else comes,
    )


def list_absences(work: Work, person: Member) -> tuple[list[Absence], list[Absence]]:
    """When a person is away, and for whom they are the cover now."""
    own = [absence_view(work, each) for each in away.find(work.tx, person.user_id)]
    return own, [absence_view(work, each) for each in away.covered_by(work.tx, person.user_id)]
