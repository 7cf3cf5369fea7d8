"""The conversation is opened: its prompts become the person's own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.context import Context
from bot.messages.workspace import prompts
from db import outbox
from db.accounts import search
from db.core import workspaces
from db.core.tx import Tx
from db.members import members
from db.workspace import departments

PROMPTS_SCOPE = "assistant:write"


def enqueue_prompts(
    tx: Tx, context: Context, event: dict[str, Any], once: str, now: datetime
) -> None:
    """Puts the person's own prompts on their way; nothing where the app may not set any."""
    workspace = workspaces.current(tx)
    granted = workspace.scopes if workspace else None
    person = members.by_user_id(tx, event["user"])
    if person is None or (granted is not None and PROMPTS_SCOPE not in granted.split(",")):
        return
    playbook = departments.in_force(tx, context.playbook_file)
    department = playbook.departments.get(person.department or "")
    mine = search.list_of_manager(tx, person.user_id, 1)
    own = prompts.member_prompts(
        department.name if department else None, mine[0].name if mine else None
    )
    outbox.enqueue_prompts(tx, dedupe_key=once, channel=event["channel"], prompts=own, now=now)
