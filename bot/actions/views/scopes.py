"""What is a person's to do, and their department's: the same on Home and in `/next`."""

from __future__ import annotations

from bot.actions.touchpoints.routing import delegators_of
from bot.actions.work import Work
from bot.messages.kit.text import plain
from bot.rules.playbook.playbook import Playbook
from db.models import Member
from db.touchpoints.scope import Scope
from db.workspace import departments


def own_scope(work: Work, person: Member) -> Scope:
    """The person's own, and that of whom they cover for."""
    also = tuple(delegators_of(work.tx, person.user_id))
    return Scope(manager=person.user_id, also=also)


def department_scope(playbook: Playbook, key: str) -> Scope:
    return Scope(department=key, stands_in=key == playbook.without_manager)


def own_and_department(
    work: Work, person: Member, here: str | None = None
) -> tuple[list[Scope], str]:
    """The person's own and their department's, and whose that is; `here` is the department of the
    channel where somebody of none asks."""
    own = own_scope(work, person)
    key = departments.of_member(work.tx, work.playbook, person) or here
    if key is None:
        return [own], "you"
    name = plain(work.playbook.departments[key].name)
    return [own, department_scope(work.playbook, key)], f"you and {name}"
