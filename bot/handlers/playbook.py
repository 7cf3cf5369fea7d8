"""`/linchpin playbook` and its buttons: which version is in force; admins decide."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.actions import playbooks
from bot.context import Context
from bot.handlers.replies import refresh, whisper
from bot.handlers.request import Request
from bot.messages import playbook as messages
from bot.messages.message import Message
from bot.messages.parts import short
from bot.rules.errors import UserError
from db import inbox
from db.models import Person
from db.passing import out_of_deadlock
from db.tx import begin

ONLY_ADMINS = "Only admins of this workspace decide about the playbook. Ask one of them."


def register(app: App, linchpin: Context) -> None:
    """Listens to «Use it» and «Keep the old one»; the value is the version."""

    @app.action(re.compile(r"^playbook:"))
    def decide(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        speaker = context["speaker"]
        try:
            out_of_deadlock(lambda: _decide(linchpin, speaker, body))
        except UserError as error:
            whisper(linchpin, speaker, body, error.sentence)
        linchpin.wake()
        ack()


def handle(request: Request, words: list[str]) -> Message:
    """Answers `/linchpin playbook` and `/linchpin playbook back`."""
    if not words:
        return _shown(request)
    if [word.casefold() for word in words] != ["back"]:
        raise UserError(
            f"After `playbook` comes nothing or `back`, so «{short(' '.join(words))}» puzzles me: "
            "`/linchpin playbook`."
        )
    _guard(request)
    version = playbooks.previous(request.tx)
    told = playbooks.use(request.tx, request.context.playbook, version, request.by, request.now)
    return messages.used(told, request.speaker.user_id)


def _shown(request: Request) -> Message:
    found = playbooks.standing(request.tx, request.context.playbook, request.now)
    return messages.shown(found, for_admin=request.is_admin)


def _guard(request: Request) -> None:
    if not request.is_admin:
        raise UserError(ONLY_ADMINS)


def _decide(context: Context, speaker: Person, body: dict[str, Any]) -> None:
    action = body["actions"][0]
    once = f"click:{body['trigger_id']}:{action['action_id']}"
    with begin(context.engine, speaker.workspace_id) as tx:
        now = context.now()
        if not inbox.first_time(tx, once, now):
            return
        request = Request(tx, context, speaker, "", body["channel"]["id"], "button", now)
        _guard(request)
        version = str(action.get("value", ""))
        if action["action_id"] == "playbook:use":
            playbooks.use(tx, context.playbook, version, request.by, now)
        else:
            playbooks.keep_old(tx, version, request.by, now)
        if body.get("container", {}).get("is_ephemeral"):
            refresh(tx, context, body["response_url"], _shown(request), once)
