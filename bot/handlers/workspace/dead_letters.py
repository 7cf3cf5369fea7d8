"""Buttons of `/linchpin status` on messages that wait for a person's decision. Admins only."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.actions.workspace import dead_letters
from bot.context import Context
from bot.handlers.base import clicks
from bot.handlers.base.request import Request
from bot.handlers.workspace import status
from bot.messages.kit.message import Message
from bot.rules.errors import UserError


def register(app: App, linchpin: Context) -> None:
    """Listens to `stuck:<verb>`, whose value is the message's outbox id."""

    @app.action(re.compile(r"^stuck:"))
    def decide(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        verb = body["actions"][0]["action_id"].partition(":")[2]
        clicks.run_action(linchpin, context["speaker"], body, partial(_decide, verb))
        ack()


def _decide(verb: str, request: Request, outbox_id: int) -> Message:
    """The status as it is now takes the place of the one that was clicked."""
    if verb not in dead_letters.VERBS:
        raise UserError("This button is of an older version: `/linchpin status` has the right one.")
    if not request.is_admin:
        raise UserError("Only admins of this workspace decide about messages. Ask one of them.")
    dead_letters.apply_decision(request.work, verb, outbox_id)
    return status.status_answer(request)
