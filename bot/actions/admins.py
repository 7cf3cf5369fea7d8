"""Tells the people who can put a setting right."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.messages.kit.parts import text_message
from db import outbox
from db.core.tx import Tx
from db.members import members
from db.touchpoints import message_marks

# Everybody being told is nobody being told.
MAX_ADMINS = 2


def notify_admins(
    tx: Tx, text: str, *, dedupe_key: str, now: datetime, or_as: Iterable[str] = ()
) -> None:
    """One DM to the first admins of the workspace; the same `dedupe_key` is told once.

    `or_as`: keys under which the same may have been told before a restore.
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
