"""Names of stages, owners and what is planned, as messages show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.messages.kit.text import mention
from bot.messages.lifecycle import stage as messages
from bot.messages.touchpoints import postponed
from bot.rules.playbook.playbook import MANAGER, Playbook
from db.models import Account, Touchpoint


def stage_name(playbook: Playbook, key: str) -> str:
    """The stage's name; its key if the playbook no longer has it."""
    stage = playbook.stage(key)
    return stage.name if stage else key


def upcoming_views(
    playbook: Playbook, account: Account, planned: Sequence[Touchpoint]
) -> list[messages.UpcomingTouchpoint]:
    """What is planned, as messages show it: what, by whom, when."""
    views = []
    for t in planned:
        owner = assignee_label(playbook, t, account)
        postponed_because = held_line(playbook, t, account.name, owner)
        views.append(
            messages.UpcomingTouchpoint(t.title, owner, t.due_at, t.state, postponed_because)
        )
    return views


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
    """The line "held until …: why" for what is held; None for everything else."""
    if touchpoint.state != "planned" or touchpoint.postponed_until is None:
        return None
    reason = held_reason(playbook, touchpoint.postponed_because or "", account, owner)
    return postponed.postponed_line(reason, touchpoint.postponed_until)


def held_reason(playbook: Playbook, postponed_because: str, account: str, owner: str) -> str:
    """Why a touchpoint is held, in words; `owner` as it is shown."""
    return postponed.postponed_reason(postponed_because, account, owner, playbook.attention)
