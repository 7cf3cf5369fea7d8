"""What is planned or held, and whose it is, as messages show it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.messages.kit.parts import mention
from bot.messages.lifecycle import stage as messages
from bot.messages.touchpoints import postponed
from bot.rules.playbook.playbook import MANAGER, Playbook
from db.models import Account, Touchpoint


def upcoming_views(
    playbook: Playbook, account: Account, planned: Sequence[Touchpoint]
) -> list[messages.UpcomingTouchpoint]:
    """What is planned, as messages tell of it: what, by whom, when."""
    told = []
    for t in planned:
        owner = assignee_label(playbook, t, account)
        held_for = held_line(playbook, t, account.name, owner)
        told.append(messages.UpcomingTouchpoint(t.title, owner, t.due_at, t.state, held_for))
    return told


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


def held_line(
    playbook: Playbook, touchpoint: Touchpoint | Any, account: str, owner: str
) -> str | None:
    """ "held until …: why" for what is held; None for everything else."""
    until = touchpoint.held_until
    if touchpoint.state != "planned" or until is None:
        return None
    return postponed.postponed_line(
        held_reason(playbook, touchpoint.held_for or "", account, owner), until
    )


def held_reason(playbook: Playbook, held_for: str, account: str, owner: str) -> str:
    """The reason, `owner` as it is shown."""
    return postponed.postponed_reason(held_for, account, owner, playbook.attention)
