"""Names of stages, owners and what is planned, as messages show them."""

from __future__ import annotations

from datetime import datetime

from bot.actions.work import Work
from bot.messages.kit.text import mention, plain, when
from bot.messages.touchpoints.lists import postponed_reason
from bot.rules.playbook.playbook import MANAGER, Playbook
from db.members import members
from db.models import Account, Member, Touchpoint


def assignee_label(playbook: Playbook, touchpoint: Touchpoint, account: Account) -> str:
    """Whose a touchpoint is: the person who took it on, else its owner."""
    if touchpoint.person_id is not None:
        return mention(touchpoint.person_id)
    return owner_label(playbook, touchpoint.owner, account.manager_id)


def owner_label(playbook: Playbook, owner: str, manager_id: str | None) -> str:
    """A department's name, or the manager as a mention."""
    if owner == MANAGER:
        if manager_id is not None:
            return mention(manager_id)
        owner = playbook.without_manager
    department = playbook.departments.get(owner)
    return department.name if department else owner


def owner_name(
    work: Work, account: Account, owner: str, person: str | None, reader: str | None = None
) -> str:
    """Whose a touchpoint is, in plain words: "you" for the reader, a name, or a department's."""
    if person is None and owner == MANAGER:
        person = account.manager_id
    if person is None:
        return plain(owner_label(work.playbook, owner, None))
    return "you" if person == reader else person_name(work, person)


def person_name(work: Work, user: str | None) -> str:
    """What to call one of us in a post; "" for nobody."""
    return plain(work.tx.cached(Member, members.name, user)) if user else ""


def held_line(
    playbook: Playbook, touchpoint: Touchpoint, account: Account, now: datetime
) -> str | None:
    """ "postponed until …: why" for what is postponed; None for everything else."""
    until = touchpoint.postponed_until
    if touchpoint.state != "planned" or until is None or until <= now:
        return None
    owner = assignee_label(playbook, touchpoint, account)
    why = touchpoint.postponed_because or ""
    return f"postponed until {when(until)}: " + postponed_reason(
        why, account.name, owner, playbook.attention
    )
