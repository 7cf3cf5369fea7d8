"""Notifies the admins of a workspace."""

import logging
from collections.abc import Iterable
from datetime import datetime

from bot.messages.kit.blocks import text_message
from db import outbox
from db.core.tx import Tx
from db.members import members
from db.touchpoints import message_marks

log = logging.getLogger(__name__)

# If everybody were told, nobody would feel responsible.
MAX_ADMINS = 2


def notify_admins(
    tx: Tx,
    text: str,
    *,
    dedupe_key: str,
    now: datetime,
    or_as: Iterable[str] = (),
    about: str = "",
) -> None:
    """Sends a DM to the first admins of the workspace, once for each `dedupe_key`. `or_as` are keys
    under which the same may have been sent before a restore. `about` is a person who cannot be
    told."""
    keys = (dedupe_key, *or_as)
    admins = [each for each in members.list_admins(tx) if each.user_id != about]
    if not admins:
        log.warning("no admin is known to be told: %s", text)
    for admin in admins[:MAX_ADMINS]:
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
