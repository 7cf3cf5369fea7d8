"""The conversation is opened: its prompts become the person's own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.context import Context
from bot.messages import prompts
from db import account_search, departments, outbox, people, workspaces
from db.tx import Tx

SCOPE = "assistant:write"


def offer(tx: Tx, context: Context, event: dict[str, Any], once: str, now: datetime) -> None:
    """Puts the person's own prompts on their way; nothing where the app may not set any."""
    workspace = workspaces.get(tx)
    granted = workspace.scopes if workspace else None
    person = people.by_user_id(tx, event["user"])
    if person is None or (granted is not None and SCOPE not in granted.split(",")):
        return
    playbook = departments.in_force(tx, context.playbook)
    department = playbook.departments.get(person.department or "")
    mine = account_search.of_manager(tx, person.user_id, 1)
    own = prompts.of(department.name if department else None, mine[0].name if mine else None)
    outbox.enqueue_prompts(tx, dedupe_key=once, channel=event["channel"], prompts=own, now=now)
