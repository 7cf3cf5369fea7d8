"""Notifies the admins of a workspace."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.messages.kit.blocks import text_message
from db import outbox
from db.core.tx import Tx
from db.members import members
from db.touchpoints import message_marks

# If everybody were told, nobody would feel responsible.
MAX_ADMINS = 2


def notify_admins(
    tx: Tx, text: str, *, dedupe_key: str, now: datetime, or_as: Iterable[str] = ()
) -> None:
    """Sends a DM to the first admins of the workspace, once for each `dedupe_key`.

    `or_as` are keys under which the same may have been sent before a restore.
    """
    keys = (dedupe_key, *or_as)
    for admin in members.list_admins(tx)[:MAX_ADMINS]:
        mark, *others = (message_marks.fingerprint(tx, key, admin.user_id) for key in keys)
        if message_marks.is_already_sent(tx, (mark, *others)):
            continue
        outbox.enqueue_post(
            tx,
            dedupe_key=f"{dedupe_key}:{admin.user_id}",
            kind="admin",
            channel=admin.user_id,
            payload=text_message(text).payload(),
            now=now,
            marks=(mark,),
        )
