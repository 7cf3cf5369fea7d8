"""Short replies to what was clicked: a line for the one who did, or a message anew."""

from __future__ import annotations

from typing import Any

from bot.context import Context
from bot.messages.message import Message
from bot.messages.parts import text_message
from db import outbox
from db.models import Person
from db.tx import Tx, begin


def whisper(context: Context, speaker: Person, body: dict[str, Any], sentence: str) -> None:
    """Tells the person alone, where they clicked."""
    channel = body.get("channel", {}).get("id") or body["container"].get("channel_id")
    with begin(context.engine, context.workspace) as tx:
        outbox.enqueue_ephemeral(
            tx,
            dedupe_key=f"whisper:{body['trigger_id']}",
            channel=channel,
            user=speaker.user_id,
            payload=text_message(sentence).payload(),
            now=context.now(),
        )
    context.wake()


def refresh(tx: Tx, context: Context, response_url: str, message: Message, once: str) -> None:
    """Puts a message in the place of the one that `response_url` belongs to."""
    outbox.enqueue_response(
        tx,
        dedupe_key=f"refresh:{once}"[:200],
        response_url=response_url,
        payload=message.payload(),
        now=context.now(),
    )
