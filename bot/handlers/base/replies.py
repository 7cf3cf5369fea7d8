"""Answers to a click or command: a private line, a message in place of the old one, a form."""

import logging
from typing import Any

from slack_sdk.models.views import View

from bot.context import Context
from bot.messages.accounts.forms import result
from bot.messages.kit.blocks import text_message
from bot.messages.workspace.conversation import SHARED_CHANNEL_TEXT
from bot.slack import CouldNotRead
from db import outbox
from db.core.tx import Tx, begin
from db.home import home
from db.models import Member
from db.workspace import channels

Body = dict[str, Any]

log = logging.getLogger(__name__)

#: Seconds that Slack gets to open a form: the trigger lives for three, and the ack waits for it.
OPENS_WITHIN = 2.0
DID_NOT_OPEN = "Slack did not open the form just now, and nothing was changed. Try once more."


def click_id(body: Body) -> str:
    """The key of a click, which Slack may send again with the same trigger."""
    return f"click:{body['trigger_id']}:{body['actions'][0]['action_id']}"[:200]


def channel(body: Body) -> str:
    """The channel of the click; "" in the Home or a form."""
    channel_id = body.get("channel", {}).get("id") or body.get("container", {}).get("channel_id")
    return str(channel_id or "")


def reply_privately(context: Context, speaker: Member, body: Body, sentence: str) -> None:
    """Tells the person alone, where they clicked: in the form, on the Home, or in the channel.
    Never call it in a transaction."""
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


def respond(tx: Tx, context: Context, body: Body, payload: Body, *, keep: bool = False) -> None:
    """Answers in place of the message, or (`keep`) below one that all can read; without account
    data where people outside can read it."""
    if "response_url" not in body:
        return
    private = body.get("container", {}).get("is_ephemeral", False)
    if not private and channels.is_shared_outside(tx, channel(body)):
        payload = text_message(SHARED_CHANNEL_TEXT).payload()
    key, instead = f"response:{click_id(body)}", private or not keep
    replace(tx, context, body["response_url"], payload, key, instead=instead)


def replace(
    tx: Tx,
    context: Context,
    response_url: str,
    payload: Body,
    dedupe_key: str,
    *,
    instead: bool = True,
) -> None:
    """Replaces the message that `response_url` belongs to, or (not `instead`) tells the person
    alone."""
    outbox.enqueue_response(
        tx,
        dedupe_key=dedupe_key[:200],
        response_url=response_url,
        payload=payload,
        now=context.now(),
        replace=instead,
    )


def open_form(context: Context, trigger_id: str, view: View) -> bool:
    """Opens a form for the person who gave the trigger; False when Slack did not. Never call it
    inside a transaction: it waits for Slack."""
    try:
        context.slack.open_view(trigger_id, view.to_dict(), OPENS_WITHIN)
    except CouldNotRead:
        return False
    return True


def in_its_form(context: Context, body: Body, payload: Body) -> None:
    """Replaces the form that was clicked in, if it was one. Never call it in a transaction."""
    if _is_in_form(body):
        view = result(text_message(payload["text"])).to_dict() | {"blocks": payload["blocks"]}
        _update(context, body, view)


def update_form(context: Context, body: Body, view: View) -> None:
    """Shows another form in place of the one that was clicked in. Never call it in a
    transaction."""
    _update(context, body, view.to_dict())


def _update(context: Context, body: Body, view: Body) -> None:
    try:
        context.slack.update_view(body["view"]["id"], view)
    except CouldNotRead as error:
        log.info("a form was closed before its answer came: %s", error)


def _is_in_form(body: Body) -> bool:
    return bool(body.get("view", {}).get("type") == "modal")
