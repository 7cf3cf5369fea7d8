"""`/linchpin playbook` and its buttons: which version is in force; admins decide."""

import re

from slack_bolt import App

from bot.actions.playbook import versions
from bot.context import Context
from bot.handlers.base import clicks
from bot.handlers.base.request import Request
from bot.messages.kit.message import Message
from bot.messages.kit.text import short
from bot.messages.playbook import playbook as messages
from bot.rules.errors import UserError
from db.models import Member

_DEED = "decide about the playbook"


def register(app: App, linchpin: Context) -> None:
    """Listens to "Use it" and "Keep the old one"; the value is the version."""
    app.action(re.compile(r"^playbook:"))(clicks.listener(linchpin, _on_click))


def handle(request: Request, words: list[str]) -> Message:
    """Answers `/linchpin playbook` and `/linchpin playbook back`."""
    if not words:
        return _show_status(request)
    if [word.casefold() for word in words] != ["back"]:
        raise UserError(
            f'Unexpected "{short(" ".join(words))}" after `playbook`. Only `back` can '
            "follow: `/linchpin playbook back`."
        )
    request.require_admin(_DEED)
    version = versions.previous_version(request.tx)
    activated = versions.activate_version(request.work, request.context.playbook_file, version)
    return messages.activated_message(activated, request.speaker.user_id)


def _show_status(request: Request) -> Message:
    file = request.context.playbook_file
    return versions.status_message(request.tx, file, request.now, for_admin=request.is_admin)


def _on_click(context: Context, speaker: Member, body: clicks.Body) -> None:
    clicks.perform(context, speaker, body, lambda request: _decide(request, body))


def _decide(request: Request, body: clicks.Body) -> Message | None:
    request.require_admin(_DEED)
    version = clicks.clicked_value(body)
    if body["actions"][0]["action_id"] == "playbook:use":
        versions.activate_version(request.work, request.context.playbook_file, version)
    else:
        versions.reject_version(request.work, version)
    return _show_status(request) if body.get("container", {}).get("is_ephemeral") else None
