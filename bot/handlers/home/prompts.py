"""The suggested prompts of the conversation, in a person's own words."""

from __future__ import annotations

from typing import Any

from bot.actions.work import Work
from bot.messages.workspace import prompts
from db import outbox
from db.accounts import search
from db.core import workspaces
from db.members import members

PROMPTS_SCOPE = "assistant:write"


def enqueue_prompts(work: Work, event: dict[str, Any], once: str) -> None:
    """Enqueues the prompts of whoever opened it; none where the app may not set any."""
    workspace = workspaces.current(work.tx)
    granted = workspace.scopes if workspace else None
    person = members.by_user_id(work.tx, event["user"])
    if person is None or (granted is not None and PROMPTS_SCOPE not in granted.split(",")):
        return
    department = work.playbook.departments.get(person.department or "")
    managed = search.list_of_manager(work.tx, person.user_id, 1)
    own = prompts.member_prompts(
        department.name if department else None, managed[0].name if managed else None
    )
    outbox.enqueue_prompts(
        work.tx, dedupe_key=once, channel=event["channel"], prompts=own, now=work.now
    )
