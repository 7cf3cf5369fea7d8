"""The one sentence for somebody without access, on every surface. Bots get none: two programs that
answer each other never stop."""

from typing import Any

from slack_bolt import Ack, BoltResponse

from bot.actions.views.home import enqueue_home
from bot.context import Context
from bot.messages.home.home import no_access_view
from bot.messages.kit.blocks import text_message
from bot.rules.touchpoint_verbs import meaning
from bot.speakers import AccessRefused
from db import outbox
from db.core.tx import Tx, begin

Body = dict[str, Any]


def refuse_request(
    context: Context, body: Body, user: str, refused: AccessRefused, ack: Ack
) -> BoltResponse:
    """Acks the request without doing it, and tells the person why."""
    message = text_message(refused.sentence).payload()
    kind = body.get("type")
    if "command" in body:
        return ack(**message, response_type="ephemeral")
    if kind == "view_submission":
        return ack(response_action="update", view=_refusal_view(body, message))
    if kind == "block_suggestion":
        return ack(options=[])
    if kind != "view_closed" and not refused.is_bot:
        with begin(context.engine, context.workspace) as tx:
            _reply_privately(tx, context, body, user, message)
        context.wake()
    return ack()


def _reply_privately(tx: Tx, context: Context, body: Body, user: str, message: Body) -> None:
    """Tells the person alone, where they are, or else by direct message."""
    once = f"refused:{body.get('event_id') or body.get('trigger_id')}"
    event = body.get("event", {})
    if event and not _is_addressed_to_bot(tx, event):
        return
    if event.get("type") == "app_home_opened" or body.get("view", {}).get("type") == "home":
        enqueue_home(tx, user, no_access_view(message["text"]), once, context.now())
        return
    channel = _channel(body, event)
    if channel is None:
        outbox.enqueue_post(
            tx, dedupe_key=once, kind="refusal", channel=user, payload=message, now=context.now()
        )
    else:
        outbox.enqueue_ephemeral(
            tx, dedupe_key=once, channel=channel, user=user, payload=message, now=context.now()
        )


def _is_addressed_to_bot(tx: Tx, event: Body) -> bool:
    """Whether an event was meant for Linchpin, as not every reaction, file and message is."""
    item = event.get("item", {})
    if event["type"] in ("reaction_added", "reaction_removed"):
        ours = outbox.find_message(tx, item.get("channel", ""), item.get("ts", ""))
        return meaning(event["reaction"]) is not None and ours is not None
    if event["type"] == "file_shared":
        return str(event.get("channel_id", "")).startswith("D")
    if event["type"] == "message":
        return event.get("channel_type") == "im" and not event.get("files")
    return event["type"] != "app_home_opened" or event.get("tab") == "home"


def _channel(body: Body, event: Body) -> str | None:
    """The conversation they are in, or None."""
    item, asked = event.get("item", {}), body.get("channel", {})
    places = (item.get("channel"), event.get("channel"), event.get("channel_id"), asked.get("id"))
    return next((str(place) for place in places if place), None)


def _refusal_view(body: Body, message: Body) -> Body:
    """A form's view with nothing but the sentence."""
    title = body.get("view", {}).get("title") or {"text": "Linchpin"}
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": title["text"]},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": message["blocks"],
    }
