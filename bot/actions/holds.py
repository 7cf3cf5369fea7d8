"""What is held, as lists, cards and digests show it."""

from __future__ import annotations

from typing import Any

from bot.messages import held as messages
from bot.rules.playbook import Playbook
from db.models import Touchpoint


def shown(playbook: Playbook, touchpoint: Touchpoint | Any, account: str, owner: str) -> str | None:
    """«held until …: why» for what is held; None for everything else."""
    until = touchpoint.held_until
    if touchpoint.state != "planned" or until is None:
        return None
    return messages.line(why(playbook, touchpoint.held_for or "", account, owner), until)


def why(playbook: Playbook, held_for: str, account: str, owner: str) -> str:
    """The reason, `owner` as it is shown."""
    return messages.reason(held_for, account, owner, playbook.attention)
