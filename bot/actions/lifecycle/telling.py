"""Tells an account's manager what others did to it."""

from __future__ import annotations

from bot.actions.outgoing import post
from bot.actions.touchpoints.routing import acting_manager, manager_calendar
from bot.actions.work import Work
from bot.messages.kit.message import Message
from db.models import Account


def tell_manager(work: Work, account: Account, key: str, message: Message) -> None:
    """Tells the account's manager, in their hours, what somebody else did to it."""
    reader = acting_manager(work.tx, account)
    if reader is not None and work.by.user not in (None, reader, account.manager_id):
        at = manager_calendar(work.tx, work.playbook, reader).next_open(work.now)
        moment = int(work.now.timestamp())
        post(work, reader, message, kind="change", key=f"{key}:{account.id}:{moment}", due_at=at)
