"""Buttons of `/linchpin status` on messages that wait for a person's decision. Admins only."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.actions import stuck
from bot.context import Context
from bot.handlers import status
from bot.handlers.request import Request
from bot.messages.message import Message
from bot.messages.parts import text_message
from bot.rules.errors import UserError
from db import inbox, outbox
from db.models import Person
from db.tx import Tx, begin


def register(app: App, linchpin: Context) -> None:
    """Listens to `stuck:<verb>`, whose value is the message's outbox id."""

    @app.action(re.compile(r"^stuck:"))
    def decide(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        _decide(linchpin, context["speaker"], body)
        ack()


def _decide(context: Context, speaker: Person, body: dict[str, Any]) -> None:
    action = body["actions"][0]
    once = f"click:{body['trigger_id']}:{action['action_id']}"
    try:
        with begin(context.engine, speaker.workspace_id) as tx:
            if not inbox.first_time(tx, once, context.now()):
                return
            request = Request(
                tx, context, speaker, "", body["channel"]["id"], "button", context.now()
            )
            _apply(request, action)
            _answer(tx, context, body, once, status.shown(request))
    except UserError as error:
        with begin(context.engine, speaker.workspace_id) as tx:
            _whisper(tx, context, speaker, body, once, error.sentence)
    context.wake()


def _apply(request: Request, action: dict[str, Any]) -> None:
    verb = action["action_id"].partition(":")[2]
    if verb not in stuck.VERBS or not action["value"].isdecimal():
        raise UserError("This button is of an older version: `/linchpin status` has the right one.")
    if not request.is_admin:
        raise UserError("Only admins of this workspace decide about messages. Ask one of them.")
    stuck.decide(request.tx, verb, int(action["value"]), request.by, request.now)


def _answer(tx: Tx, context: Context, body: dict[str, Any], once: str, message: Message) -> None:
    """The status as it is now takes the place of the one that was clicked."""
    outbox.enqueue_response(
        tx,
        dedupe_key=f"response:{once}",
        response_url=body["response_url"],
        payload=message.payload(),
        now=context.now(),
    )


def _whisper(
    tx: Tx, context: Context, speaker: Person, body: dict[str, Any], once: str, sentence: str
) -> None:
    outbox.enqueue_ephemeral(
        tx,
        dedupe_key=f"whisper:{once}",
        channel=body["channel"]["id"],
        user=speaker.user_id,
        payload=text_message(sentence).payload(),
        now=context.now(),
    )
