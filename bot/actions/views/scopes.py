"""What is a person's to do, and their department's: the same on Home and in `/next`."""

from __future__ import annotations

from bot.actions.touchpoints.routing import delegators_of
from bot.actions.work import Work
from bot.rules.playbook.playbook import Playbook
from db.models import Member
from db.touchpoints.scope import Scope


def own_scope(work: Work, person: Member) -> Scope:
    """The person's own, and that of whom they cover for."""
    also = tuple(delegators_of(work.tx, person.user_id))
    return Scope(manager=person.user_id, also=also)


def department_scope(playbook: Playbook, key: str) -> Scope:
    return Scope(department=key, stands_in=key == playbook.without_manager)
