"""Answers to a click: a line for the one who did, or a message in the place of the clicked one."""

from __future__ import annotations

import logging
from typing import Any

from bot.context import Context
from bot.messages.accounts.forms import result
from bot.messages.kit.parts import text_message
from bot.messages.workspace.conversation import SHARED_CHANNEL_TEXT
from bot.slack import CouldNotRead
from db import outbox
from db.core.tx import Tx, begin
from db.home import home
from db.models import Person
from db.workspace import channels

Body = dict[str, Any]

log = logging.getLogger(__name__)


def click_id(body: Body) -> str:
    """Names a click: Slack sends the same one with the same trigger."""
    return f"click:{body['trigger_id']}:{body['actions'][0]['action_id']}"[:200]


def channel(body: Body) -> str:
    """Where the click was; "" in the Home or a form."""
    found = body.get("channel", {}).get("id") or body.get("container", {}).get("channel_id")
    return str(found or "")


def reply_privately(context: Context, speaker: Person, body: Body, sentence: str) -> None:
    """Tells the person alone, where they clicked: in the form, on the Home, or in the channel.

    Never call it in a transaction.
    """
    message = text_message(sentence).payload()
    if _is_in_form(body):
        return in_its_form(context, body, message)
    where, now = channel(body), context.now()
    with begin(context.engine, speaker.workspace_id) as tx:
        if not where:
            home.request_rebuild(tx, speaker.user_id, now, sentence)
        else:
            outbox.enqueue_ephemeral(
                tx,
                dedupe_key=f"whisper:{click_id(body)}",
                channel=where,
                user=speaker.user_id,
                payload=message,
                now=now,
                thread_ts=body.get("message", {}).get("thread_ts"),
            )
    context.wake()


def respond(tx: Tx, context: Context, body: Body, payload: dict[str, Any]) -> None:
    """The answer takes the message's place, unless people outside have come to read it there."""
    if "response_url" not in body:
        return
    private = body.get("container", {}).get("is_ephemeral", False)
    if not private and channels.is_shared_outside(tx, channel(body)):
        payload = text_message(SHARED_CHANNEL_TEXT).payload()
    replace(tx, context, body["response_url"], payload, f"response:{click_id(body)}")


def replace(
    tx: Tx, context: Context, response_url: str, payload: dict[str, Any], dedupe_key: str
) -> None:
    """Puts a message in the place of the one that `response_url` belongs to."""
    outbox.enqueue_response(
        tx,
        dedupe_key=dedupe_key[:200],
        response_url=response_url,
        payload=payload,
        now=context.now(),
    )


def in_its_form(context: Context, body: Body, payload: dict[str, Any]) -> None:
    """A click in a form: the answer takes the form's place. Never call it in a transaction."""
    if not _is_in_form(body):
        return
    told = text_message(payload["text"])
    view = {**result(told).to_dict(), "blocks": payload["blocks"]}
    try:
        context.slack.update_view(body["view"]["id"], view)
    except CouldNotRead as error:
        log.info("a form was closed before its answer came: %s", error)


def _is_in_form(body: Body) -> bool:
    return bool(body.get("view", {}).get("type") == "modal")
