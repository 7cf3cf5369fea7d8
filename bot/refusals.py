"""One sentence for whoever may not speak, on whatever surface they came by; nothing else.

Bots get none: two programs that answer each other never stop.
"""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, BoltResponse

from bot.actions.views.home import enqueue_home as show_home
from bot.actions.workspace import workflow_runs
from bot.context import Context
from bot.messages.home.home import no_access_view
from bot.messages.kit.parts import text_message
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
    step = body.get("event", {}).get("type") == "function_executed"
    if kind != "view_closed" and (step or not refused.is_bot):
        with begin(context.engine, context.workspace) as tx:
            _reply_privately(tx, context, body, user, message)
        context.wake()
    return ack()


def _reply_privately(tx: Tx, context: Context, body: Body, user: str, message: Body) -> None:
    """Where they are, for them alone; by direct message where there is no such place."""
    once = f"refused:{body.get('event_id') or body.get('trigger_id')}"
    event = body.get("event", {})
    if event and not _is_addressed_to_bot(tx, event):
        return
    if event.get("type") == "function_executed":  # a step that nobody ends would wait for ever
        workflow_runs.fail(tx, event["function_execution_id"], message["text"], context.now())
        return
    if event.get("type") == "app_home_opened" or body.get("view", {}).get("type") == "home":
        show_home(tx, user, no_access_view(message["text"]), once, context.now())
        return
    channel = _channel(body, event)
    if channel is None:
        outbox.enqueue_post(
            tx, dedupe_key=once, kind="refusal", channel=user, payload=message, now=context.now()
        )
        return
    outbox.enqueue_ephemeral(
        tx, dedupe_key=once, channel=channel, user=user, payload=message, now=context.now()
    )


def _is_addressed_to_bot(tx: Tx, event: Body) -> bool:
    """Not every reaction is an answer, and not every file and message is for Linchpin."""
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
    """The form, with the sentence in the place of everything."""
    title = body.get("view", {}).get("title") or {"text": "Linchpin"}
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": title["text"]},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": message["blocks"],
    }
