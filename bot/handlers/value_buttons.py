"""The buttons of the value ledger: Undo and «They said so»."""

from __future__ import annotations

from slack_bolt import Ack, App, BoltContext

from bot.actions import value, value_told
from bot.context import Context
from bot.handlers import clicks
from bot.handlers.clicks import Body
from bot.handlers.request import Request
from bot.handlers.value import confirm_form
from bot.messages import value as messages
from bot.messages.message import Message


def register(app: App, linchpin: Context) -> None:
    """Listens to the buttons of the value ledger."""

    @app.action("value:undo")
    def undo(ack: Ack, body: Body, context: BoltContext) -> None:
        clicks.act(linchpin, context["speaker"], body, _undo)
        ack()

    @app.action("value:confirm")
    def confirm(ack: Ack, body: Body, context: BoltContext) -> None:
        clicks.ask(linchpin, context["speaker"], body, confirm_form)
        ack()


def _undo(request: Request, entry_id: int) -> Message:
    entry, account = value.undo(request.tx, entry_id, request.by, request.now)
    return messages.undone(account.name, value_told.entry(request.playbook, entry))
