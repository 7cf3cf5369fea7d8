"""Whose accounts a question is about, as conditions and in words."""

from datetime import date, datetime, time, timedelta
from typing import Any

from bot.actions.touchpoints.labels import person_name
from bot.handlers.base.request import Request
from bot.messages.kit.text import plain
from bot.rules.language.reading import Reading
from bot.rules.language.scope import Scope, scope_of
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.calendar import local_instant
from db.accounts import asked
from db.home.lists import list_team
from db.reasons import reasons
from db.workspace import departments


def scope(request: Request, reading: Reading, *, forward: bool = True) -> Scope:
    """What the question is narrowed by; its days lie ahead, or back."""
    return scope_of(reading, request.speaker.user_id, request.today, forward=forward)


def bounds(request: Request, first: date, last: date) -> tuple[datetime, datetime]:
    """When these days begin and end, by the managers' calendar."""
    zone = request.playbook.calendar(MANAGER).zone
    return local_instant(first, time(0), zone), local_instant(last + timedelta(1), time(0), zone)


def managed(request: Request, asked_for: Scope) -> list[Any]:
    """The conditions on accounts."""
    where: list[Any] = []
    if asked_for.user:
        where.append(reasons.is_managed_by(asked_for.user))
    elif team := _team(request, asked_for.department):
        where.append(asked.is_of_team(team))
    if asked_for.tier:
        where.append(asked.is_of_tier(asked_for.tier))
    return where


def whose(request: Request, asked_for: Scope, *, of_accounts: bool = True) -> str:
    """ " of yours", " of Tom Okafor", " of Operations", " in tier A"; "" for all."""
    tier = f" in tier {plain(asked_for.tier)}" if asked_for.tier else ""
    if asked_for.user == request.speaker.user_id:
        return f" of yours{tier}"
    if asked_for.user:
        return f" of {person_name(request.work, asked_for.user)}{tier}"
    department = request.playbook.departments.get(asked_for.department or "")
    if department is None:
        return tier
    is_known = not of_accounts or _team(request, asked_for.department)
    return f" of {plain(department.name)}{'' if is_known else ' (nobody is in it: all)'}{tier}"


def _team(request: Request, key: str | None) -> set[str]:
    """The people of a department, its lead included."""
    if key is None:
        return set()
    leads = departments.leads(request.tx, request.playbook)
    return {*list_team(request.tx, [key]), *(user for user, led in leads.items() if led == key)}
