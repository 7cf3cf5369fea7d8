"""Posts messages through the outbox, and brings posted ones up to date."""

from __future__ import annotations

from typing import Any

from bot.actions.work import Work
from bot.messages.kit.message import Message
from db import outbox
from db.outbox import pending


def post_message(
    work: Work, key: str, kind: str, channel: str, message: Message, **options: Any
) -> int:
    """Puts a message for a channel or person into the outbox; returns its row's id.

    `key` is its `dedupe_key`; for the `options` see `outbox.enqueue_post`.
    """
    options |= {"payload": message.payload(), "now": work.now}
    return outbox.enqueue_post(work.tx, dedupe_key=key, kind=kind, channel=channel, **options)


def update_message(work: Work, row_id: int | None, message: Message) -> None:
    """Changes a message where it waits to be sent, else has it updated in Slack.

    `row_id` is its outbox row; nothing happens when there is none or it ended unsent.
    """
    tx, payload = work.tx, message.payload()
    if row_id is None or pending.lock_message(tx, row_id) is None:
        return
    if pending.rewrite_pending(tx, row_id, payload) or not pending.may_be_in_slack(tx, row_id):
        return
    version = pending.next_version(tx, row_id)
    outbox.enqueue_update(tx, target=row_id, version=version, payload=payload, now=work.now)
