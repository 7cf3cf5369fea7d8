"""What is planned and whose it is, as messages show it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions import holds
from bot.messages import stage as messages
from bot.messages.parts import person
from bot.rules.playbook import Playbook
from db.models import Account, Touchpoint


def upcoming(
    playbook: Playbook, account: Account, planned: Sequence[Touchpoint]
) -> list[messages.Upcoming]:
    """What is planned, as messages tell of it: what, by whom, when."""
    told = []
    for t in planned:
        owner = whose(playbook, t, account)
        held = holds.shown(playbook, t, account.name, owner)
        told.append(messages.Upcoming(t.title, owner, t.due_at, t.state, held))
    return told


def whose(playbook: Playbook, touchpoint: Touchpoint, account: Account) -> str:
    """Whose a touchpoint is: the person who took it on, else its owner."""
    if touchpoint.person_id is not None:
        return person(touchpoint.person_id)
    return owner_label(playbook, touchpoint.owner, account)


def owner_label(playbook: Playbook, owner: str, account: Account) -> str:
    """A department's name, or the manager as a mention."""
    if owner == "manager":
        if account.manager_id is not None:
            return person(account.manager_id)
        owner = playbook.without_manager
    department = playbook.departments.get(owner)
    return department.name if department else owner
