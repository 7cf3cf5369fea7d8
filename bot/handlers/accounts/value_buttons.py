"""The buttons of the value ledger: Undo and "They said so"."""

from __future__ import annotations

from slack_bolt import Ack, App, BoltContext

from bot.actions.accounts import value
from bot.actions.views import value as views_value
from bot.context import Context
from bot.handlers.accounts.value import open_confirmation_form
from bot.handlers.base import clicks
from bot.handlers.base.clicks import Body
from bot.handlers.base.request import Request
from bot.messages.accounts import value as messages
from bot.messages.kit.message import Message


def register(app: App, linchpin: Context) -> None:
    """Listens to the buttons of the value ledger."""

    @app.action("value:undo")
    def undo(ack: Ack, body: Body, context: BoltContext) -> None:
        clicks.run_action(linchpin, context["speaker"], body, _undo)
        ack()

    @app.action("value:confirm")
    def confirm(ack: Ack, body: Body, context: BoltContext) -> None:
        clicks.open_form_for(linchpin, context["speaker"], body, open_confirmation_form)
        ack()


def _undo(request: Request, entry_id: int) -> Message:
    entry, account = value.undo(request.work, entry_id)
    return messages.undone(account.name, views_value.entry(request.playbook, entry))
