"""The menu of a promise in a list, and «Take it back»."""

from __future__ import annotations

import re

from slack_bolt import Ack, App, BoltContext

from bot.actions.promises import promises as actions
from bot.actions.responses.respond import act
from bot.context import Context
from bot.handlers.base import clicks
from bot.handlers.base.clicks import Body
from bot.handlers.base.request import Request
from bot.handlers.promises import forms
from bot.messages.kit.message import Message
from bot.messages.promises import promise as messages
from bot.rules.errors import UserError
from db.promises import promises


def register(app: App, linchpin: Context) -> None:
    """Listens to the buttons of promises."""

    @app.action("promise:undo")
    def undo(ack: Ack, body: Body, context: BoltContext) -> None:
        clicks.act(linchpin, context["speaker"], body, _take_back)
        ack()

    @app.action(re.compile(r"^promise:menu:"))
    def chosen(ack: Ack, body: Body, context: BoltContext) -> None:
        if clicks.value(body).startswith("change:"):
            clicks.ask(linchpin, context["speaker"], body, forms.change)
        else:
            clicks.act(linchpin, context["speaker"], body, _keep)
        ack()


def _take_back(request: Request, promise_id: int) -> Message | None:
    gone = actions.take_back(request.work, promise_id)
    if gone is None:
        return None
    return messages.taken_back(gone.account.name, gone.promise.text)


def _keep(request: Request, promise_id: int) -> Message:
    """It is kept; the list is shown as it is now."""
    found = promises.hold(request.tx, promise_id)
    if found is None:
        raise UserError("That promise is no longer there: it was taken back.")
    act(request.work, found.touchpoint, "done")
    everyone = promises.all_of(request.tx, found.account.id)
    lines = actions.lines(request.work, everyone)
    return messages.listed(found.account.id, found.account.name, lines)
