"""Tells the people who can put a setting right."""

from __future__ import annotations

from datetime import datetime

from bot.messages.message import Message
from bot.messages.parts import section
from db import outbox, people, said
from db.tx import Tx

# Everybody being told is nobody being told.
MOST_TOLD = 2


def tell_admins(tx: Tx, text: str, *, dedupe_key: str, now: datetime) -> None:
    """One DM to the first admins of the workspace; the same `dedupe_key` is told once."""
    for admin in people.admins(tx)[:MOST_TOLD]:
        mark = said.mark(tx, dedupe_key, admin.user_id)
        if said.take(tx, mark) is not None:
            continue
        outbox.enqueue_post(
            tx,
            dedupe_key=f"{dedupe_key}:{admin.user_id}",
            kind="admin",
            channel=admin.user_id,
            payload=Message(text, (section(text),)).payload(),
            now=now,
            marks=(mark,),
        )
