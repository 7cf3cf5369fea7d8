"""`/linchpin playbook` and its buttons: which version is in force; admins decide."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.actions.playbook import versions
from bot.context import Context
from bot.handlers.base import clicks
from bot.handlers.base.request import Request
from bot.messages.kit.message import Message
from bot.messages.kit.parts import short
from bot.messages.playbook import playbook as messages
from bot.rules.errors import UserError

ONLY_ADMINS = "Only admins of this workspace decide about the playbook. Ask one of them."


def register(app: App, linchpin: Context) -> None:
    """Listens to "Use it" and "Keep the old one"; the value is the version."""

    @app.action(re.compile(r"^playbook:"))
    def decide(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        clicks.perform(linchpin, context["speaker"], body, lambda request: _decide(request, body))
        ack()


def handle(request: Request, words: list[str]) -> Message:
    """Answers `/linchpin playbook` and `/linchpin playbook back`."""
    if not words:
        return _show_status(request)
    if [word.casefold() for word in words] != ["back"]:
        raise UserError(
            f'After `playbook` comes nothing or `back`, so "{short(" ".join(words))}" puzzles me: '
            "`/linchpin playbook`."
        )
    _check_admin(request)
    version = versions.previous_version(request.tx)
    told = versions.activate_version(request.work, request.context.playbook_file, version)
    return messages.activated_message(told, request.speaker.user_id)


def _show_status(request: Request) -> Message:
    found = versions.version_status(request.tx, request.context.playbook_file, request.now)
    return messages.status_message(found, for_admin=request.is_admin)


def _check_admin(request: Request) -> None:
    if not request.is_admin:
        raise UserError(ONLY_ADMINS)


def _decide(request: Request, body: dict[str, Any]) -> Message | None:
    """In the private answer of the command, its place is taken by how it is now."""
    _check_admin(request)
    version = clicks.clicked_value(body)
    if body["actions"][0]["action_id"] == "playbook:use":
        versions.activate_version(request.work, request.context.playbook_file, version)
    else:
        versions.reject_version(request.work, version)
    return _show_status(request) if body.get("container", {}).get("is_ephemeral") else None
