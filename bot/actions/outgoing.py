"""Puts an action's messages into the outbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.actions.introductions import introduce
from bot.actions.work import Work
from bot.messages.kit.message import Message
from db import outbox
from db.lists import news
from db.outbox import pending


def post(
    work: Work,
    channel: str,
    message: Message,
    *,
    kind: str,
    key: str,
    marks: Sequence[str] = (),
    thread_of: int | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> int:
    """Posts to a channel or, by a user's id, as a DM; a `key` used before posts nothing. `marks`
    are what the message is known by after a restore, `thread_of` the outbox id of the message whose
    thread it answers in. Returns the outbox id. Before the first message to a place stands what
    Linchpin does there, but for what admins hear of its own state."""
    if thread_of is None and kind not in ("setup", "admin"):
        introduce(work, channel, due_at or work.now)
    return outbox.enqueue_post(
        work.tx,
        dedupe_key=key,
        kind=kind,
        channel=channel,
        payload=message.payload(),
        now=work.now,
        marks=marks,
        thread_of=thread_of,
        due_at=due_at,
        expires_at=expires_at,
    )


def is_person(reader: str) -> bool:
    """Whether an id is a person's, and not a channel's."""
    return reader.startswith("U")


def tell(
    work: Work,
    user: str,
    key: str,
    text: str,
    *,
    account_id: int | None = None,
    button: dict[str, Any] | None = None,
) -> None:
    """Lets a person hear of something in their next morning, once for each `key`; `text` is
    Slack's markup, `button` what `messages.kit.blocks.button` takes."""
    news.add(work.tx, user, key, text, now=work.now, account_id=account_id, button=button)


def edit(work: Work, row_id: int, message: Message) -> None:
    """Shows `message` in the place of one that was posted; its row is locked by the caller."""
    version, payload = pending.next_version(work.tx, row_id), message.payload()
    outbox.enqueue_update(work.tx, target=row_id, version=version, payload=payload, now=work.now)


def update_message(work: Work, row_id: int | None, message: Message) -> None:
    """Changes a message where it waits to be sent, else shows it anew in Slack. `row_id` is its
    outbox row; nothing happens when there is none or it ended unsent."""
    if row_id is None or pending.lock_message(work.tx, row_id) is None:
        return
    if pending.rewrite_pending(work.tx, row_id, message.payload()):
        return
    if pending.may_be_in_slack(work.tx, row_id):
        edit(work, row_id, message)
