"""Buttons of `/linchpin status` on messages that wait for a person's decision. Admins only."""

from __future__ import annotations

import re
from functools import partial

from slack_bolt import App

from bot.actions.workspace import dead_letters
from bot.context import Context
from bot.handlers.base import clicks
from bot.handlers.base.request import Request
from bot.handlers.workspace import status
from bot.messages.kit.message import Message
from bot.rules.errors import UserError
from db.models import Person


def register(app: App, linchpin: Context) -> None:
    """Listens to `stuck:<verb>`, whose value is the message's outbox id."""

    app.action(re.compile(r"^stuck:"))(clicks.listener(linchpin, _on_click))


def _on_click(context: Context, speaker: Person, body: clicks.Body) -> None:
    verb = body["actions"][0]["action_id"].partition(":")[2]
    clicks.run_action(context, speaker, body, partial(_decide, verb))


def _decide(verb: str, request: Request, outbox_id: int) -> Message:
    """Applies the decision and returns the status as it is then."""
    if verb not in dead_letters.VERBS:
        raise UserError("This button is of an older version: `/linchpin status` has the right one.")
    request.require_admin("decide about messages")
    dead_letters.apply_decision(request.work, verb, outbox_id)
    return status.status_answer(request)
