"""Tells an account's manager what others did to it."""

from __future__ import annotations

from bot.actions.outgoing import post
from bot.actions.touchpoints.routing import acting_manager
from bot.actions.work import Work
from bot.messages.kit.message import Message
from db.models import Account


def tell_manager(work: Work, account: Account, key: str, message: Message) -> None:
    """Tells the account's manager what somebody else did to it."""
    reader = acting_manager(work.tx, account)
    if reader is not None and work.by.user not in (None, reader, account.manager_id):
        tell(work, reader, message, f"{key}:{account.id}")


def tell(work: Work, reader: str, message: Message, key: str) -> None:
    """Sends somebody a message about a change."""
    moment = int(work.now.timestamp())
    post(work, reader, message, kind="change", key=f"{key}:{moment}")
