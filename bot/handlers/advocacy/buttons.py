"""Undo of "settled": the complaints are open again."""

from __future__ import annotations

from slack_bolt import Ack, App, BoltContext

from bot.actions.advocacy import advocacy
from bot.context import Context
from bot.handlers.base import clicks
from bot.handlers.base.clicks import Body
from bot.handlers.base.request import Request
from bot.messages.advocacy import advocacy as messages
from bot.messages.kit.message import Message


def register(app: App, linchpin: Context) -> None:
    """Listens to the button beside "Settled"."""

    @app.action("complaint:undo")
    def undo(ack: Ack, body: Body, context: BoltContext) -> None:
        clicks.run_action(linchpin, context["speaker"], body, _reopen_complaints)
        ack()


def _reopen_complaints(request: Request, interaction_id: int) -> Message:
    account, count = advocacy.reopen_complaints(request.work, interaction_id)
    return messages.reopened_message(account.name, count)
