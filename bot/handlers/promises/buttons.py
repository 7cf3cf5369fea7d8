"""The menu of a promise in a list, and "Take it back"."""

from __future__ import annotations

import re

from slack_bolt import Ack, App, BoltContext

from bot.actions.promises import promises as actions
from bot.actions.responses.respond import respond
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
        clicks.run_action(linchpin, context["speaker"], body, _undo_promise)
        ack()

    @app.action(re.compile(r"^promise:menu:"))
    def chosen(ack: Ack, body: Body, context: BoltContext) -> None:
        if clicks.clicked_value(body).startswith("change:"):
            clicks.open_form_for(linchpin, context["speaker"], body, forms.change)
        else:
            clicks.run_action(linchpin, context["speaker"], body, _mark_kept)
        ack()


def _undo_promise(request: Request, promise_id: int) -> Message | None:
    gone = actions.undo_promise(request.work, promise_id)
    if gone is None:
        return None
    return messages.undone_message(gone.account.name, gone.promise.text)


def _mark_kept(request: Request, promise_id: int) -> Message:
    """It is kept; the list is shown as it is now."""
    found = promises.lock_promise(request.tx, promise_id)
    if found is None:
        raise UserError("That promise is no longer there: it was taken back.")
    respond(request.work, found.touchpoint, "done")
    everyone = promises.list_all(request.tx, found.account.id)
    lines = actions.promise_lines(request.work, everyone)
    return messages.list_message(found.account.id, found.account.name, lines)
